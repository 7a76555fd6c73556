// CuttingProxy: a TCP proxy on loopback that cuts connections where a test wants it.
#ifndef GSH_TESTS_FAULTS_CUTTING_PROXY_H_
#define GSH_TESTS_FAULTS_CUTTING_PROXY_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gsh/clock.h"
#include "tests/faults/http2_tap.h"

namespace gsh::faults {

// Both are asked on the proxy's one thread.
struct CutPlan {
  // For plaintext HTTP/2. `call`: how many calls (from 1, over all connections) have begun; where
  // this one's connection is to be cut, if at all.
  std::function<std::optional<Step>(int call)> at_call = {};
  // For anything. `connection`: how many connections (from 1) were accepted; after how many bytes
  // from the server it is cut, if at all.
  std::function<std::optional<std::size_t>(int connection)> after_bytes = {};
  // After each cut, connections are refused for so long.
  Duration refuse{0};
};

class CuttingProxy {
 public:
  // `target`: "host:port". Throws when it cannot listen.
  CuttingProxy(const std::string& target, CutPlan plan);
  ~CuttingProxy();

  std::string endpoint() const;  // "127.0.0.1:port"
  // As if the server were killed: every connection is cut, and for so long new ones are refused.
  // Has happened when this returns; not for the proxy's own thread.
  void Kill(Duration refuse);
  int cuts() const;  // connections that were cut; a Kill is one

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gsh::faults

#endif  // GSH_TESTS_FAULTS_CUTTING_PROXY_H_
