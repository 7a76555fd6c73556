// Whether a sanitizer watches the program.
#ifndef GSH_SRC_TESTING_SANITIZED_H_
#define GSH_SRC_TESTING_SANITIZED_H_

namespace gsh::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;  // its memory is not the library's
#else
inline constexpr bool kSanitized = false;
#endif

#ifdef __SANITIZE_THREAD__
inline constexpr bool kThreadSanitized = true;  // some ten times as slow
#else
inline constexpr bool kThreadSanitized = false;
#endif

}  // namespace gsh::testing

#endif  // GSH_SRC_TESTING_SANITIZED_H_
