// CurlLoop: the thread that carries all HTTP requests of the process.
#ifndef GSH_SRC_HTTP_CLIENT_CURL_LOOP_H_
#define GSH_SRC_HTTP_CLIENT_CURL_LOOP_H_

#include <memory>
#include <thread>

#include "src/http/client/transfer.h"

namespace gsh::http {

// Lives as long as somebody holds it: a process without clients has no such thread. All functions
// may be called from any thread; what they ask for happens soon.
class CurlLoop {
 public:
  static std::shared_ptr<CurlLoop> Get();
  ~CurlLoop();  // ends what is left; may run on the loop's own thread
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  void Add(std::shared_ptr<Transfer> transfer);
  // The handler's OnEnd says so, unless the transfer has ended.
  void Cancel(std::shared_ptr<Transfer> transfer);
  // After OnBody has returned kPause.
  void Resume(std::shared_ptr<Transfer> transfer);

 private:
  class State;  // outlives this for the thread's last steps
  CurlLoop();

  const std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace gsh::http

#endif  // GSH_SRC_HTTP_CLIENT_CURL_LOOP_H_
