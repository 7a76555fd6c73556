// One password under several methods of crypt(3), cheap ones, for the tests.
#ifndef GSH_SRC_ALLOCATOR_SERVICE_TEST_HASHES_H_
#define GSH_SRC_ALLOCATOR_SERVICE_TEST_HASHES_H_

namespace gsh::allocator_service {

// The one that the tutorial has in its source.
inline constexpr char kPassword[] = "EAEC945C371B2EC361DE399C2F11E";
// Its login: "v1GameClientKey" and kPassword.
inline constexpr char kLogin[] =
    "Basic djFHYW1lQ2xpZW50S2V5OkVBRUM5NDVDMzcxQjJFQzM2MURFMzk5QzJGMTFF";

inline constexpr char kYescrypt[] =
    "$y$j75$abcdefghijklmnop$/Qs5OMakrYd8o0ITt9TpjpYfJh.OA7MzEP1.Ofxgpo/";
inline constexpr char kBcrypt[] = "$2b$04$abcdefghijklmnopqrstuuGFOnsHWBIH8CQSYyPg0zTY.UPDvC80y";
inline constexpr char kSha512[] =
    "$6$rounds=1000$saltsalt$IirLC4LeTWmPlxQ.8O8locuY8Z/UQr2/i4BpJt3lpEy.sQ.SbcYGakVnYAv4//SlL/"
    "9uQyPSwC/gj1BAQUQDD0";
// Of "second".
inline constexpr char kSha512Second[] =
    "$6$rounds=1000$saltsalt$h0jGOvwepEn98LdCDPLNUV1uz.VJLPKxxHkFRcVJn7NavLdhMp."
    "DG8txBZkQ8vlo8ixQmiItuZXjQvKOpKSSH.";

}  // namespace gsh::allocator_service

#endif  // GSH_SRC_ALLOCATOR_SERVICE_TEST_HASHES_H_
