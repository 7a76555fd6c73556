// BodyStream: a response's body that comes piece by piece.
#ifndef GSH_SRC_HTTP_BODY_STREAM_H_
#define GSH_SRC_HTTP_BODY_STREAM_H_

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

namespace gsh::http {

// The handler keeps it and writes from any thread; the server sends. Pieces that were written
// before the server asks for them wait.
class BodyStream {
 public:
  // What waits for a client that reads too slowly; its connection is closed above.
  static constexpr std::size_t kMaxWaiting = 8u << 20;

  // False once nobody reads any more.
  bool Write(std::string piece);
  void End();    // all is written
  void Break();  // the connection is closed without an end of the body

  // For the server. What waits is taken; `wake` is called when there is more to do, by whoever
  // brings it.
  struct Taken {
    std::string pieces = {};
    bool ended = false;
    bool broken = false;
  };
  void Attach(std::function<void()> wake);
  Taken Take();
  void Detach();  // nobody reads any more; `wake` does not run after this

 private:
  void Wake();  // with mutex_ held

  std::mutex mutex_;
  std::function<void()> wake_;
  Taken waiting_;
  bool gone_ = false;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_BODY_STREAM_H_
