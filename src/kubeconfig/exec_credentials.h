// ExecCredentials: what a credential plugin says, kept until it expires or is refused.
#ifndef GSH_SRC_KUBECONFIG_EXEC_CREDENTIALS_H_
#define GSH_SRC_KUBECONFIG_EXEC_CREDENTIALS_H_

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gsh/kubernetes/config.h"
#include "gsh/log.h"
#include "src/process/run_for_output.h"

namespace gsh::kubernetes {

struct ExecAnswer {
  Credential credential = {};
  std::optional<WallTime> expires = {};  // empty: when it is refused
};

// A client.authentication.k8s.io ExecCredential. InvalidArgument says what is missing, and quotes
// nothing.
StatusOr<ExecAnswer> ParseExecCredential(std::string_view json, const std::string& api_version);

class ExecCredentials final : public CredentialSource {
 public:
  ExecCredentials(process::RunOptions run, std::string api_version, Clock& clock, LogSink* log);
  ~ExecCredentials() override;  // kills a plugin that runs

  // The plugin runs on a thread of its own, once for all who wait.
  void GetAsync(std::function<void(StatusOr<Credential>)> done) override;
  bool Rejected() override;

 private:
  using Waiting = std::vector<std::function<void(StatusOr<Credential>)>>;
  struct State;
  static void Refresh(const std::shared_ptr<State>& state, std::stop_token stop);

  const std::shared_ptr<State> state_;
};

}  // namespace gsh::kubernetes

#endif  // GSH_SRC_KUBECONFIG_EXEC_CREDENTIALS_H_
