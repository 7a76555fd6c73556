// Http2Tap: reads along one plaintext HTTP/2 connection and knows which frame of which call comes.
#ifndef GSH_TESTS_FAULTS_HTTP2_TAP_H_
#define GSH_TESTS_FAULTS_HTTP2_TAP_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace gsh::faults {

// Where a connection is cut in the course of one call.
enum class Step {
  kBeforeRequest,  // the server never sees the call
  kBeforeAnswer,   // the server has done it, and nothing of its answer arrives
  kMidAnswer,      // half of a frame of the answer arrives
};

// Both directions of one connection, in the order in which they come; not for several threads.
class Http2Tap {
 public:
  // Asked at the begin of each call; true: this call is to be cut at `step`.
  using Plan = std::function<bool(Step& step)>;

  explicit Http2Tap(Plan plan) : plan_(std::move(plan)) {}

  struct Verdict {
    std::size_t pass = 0;  // so many of the bytes may go on
    bool cut = false;      // and then the connection is to be cut
  };
  Verdict FromClient(std::string_view bytes);
  Verdict FromServer(std::string_view bytes);

 private:
  struct Frame {
    std::size_t length = 0;
    int type = 0;
    int flags = 0;
    std::uint32_t stream = 0;
  };
  // Position in a row of frames.
  struct Direction {
    std::size_t skip = 0;     // bytes left of the preface, or of the current frame
    std::string header = {};  // what has come of the next frame's nine bytes
  };
  using OnFrame = std::function<bool(const Frame&)>;  // true: cut at this frame

  // Bytes before the frame at which `on_frame` said true; all of them if it never did.
  static Verdict Read(Direction& direction, std::string_view bytes, Frame& cut_at,
                      const OnFrame& on_frame);

  Plan plan_;
  Direction client_{.skip = 24};  // the connection preface
  Direction server_;
  std::uint32_t last_stream_ = 0;  // that the client has opened
  std::set<std::uint32_t> cut_before_answer_;
  std::set<std::uint32_t> cut_mid_answer_;
};

}  // namespace gsh::faults

#endif  // GSH_TESTS_FAULTS_HTTP2_TAP_H_
