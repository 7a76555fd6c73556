#include "src/kubeconfig/exec_credentials.h"

#include <utility>

#include "src/kubernetes/common/json.h"
#include "src/kubernetes/common/micro_time.h"

namespace gsh::kubernetes {
namespace {

// New ones are fetched so long before the old ones expire.
constexpr std::chrono::seconds kEarly{60};
// Another call may have seen the old ones refused after this one saw them replaced.
constexpr std::chrono::seconds kFresh{10};

}  // namespace

StatusOr<ExecAnswer> ParseExecCredential(std::string_view text, const std::string& api_version) {
  const StatusOr<Json> json = ParseJsonObject(text);
  if (!json.ok()) return InvalidArgumentError("its output is " + json.status().message());
  if (TextAt(*json, {"kind"}) != "ExecCredential") {
    return InvalidArgumentError("its output is no ExecCredential");
  }
  if (TextAt(*json, {"apiVersion"}) != api_version) {
    return InvalidArgumentError("its output is not of the apiVersion " + api_version);
  }
  ExecAnswer answer;
  answer.credential = {.bearer_token = TextAt(*json, {"status", "token"}),
                       .certificate_pem = TextAt(*json, {"status", "clientCertificateData"}),
                       .key_pem = TextAt(*json, {"status", "clientKeyData"})};
  const Credential& credential = answer.credential;
  if (credential.certificate_pem.empty() != credential.key_pem.empty()) {
    return InvalidArgumentError("its output has a certificate without key, or a key alone");
  }
  if (credential.bearer_token.empty() && credential.certificate_pem.empty()) {
    return InvalidArgumentError("its output has neither token nor certificate");
  }
  if (credential.bearer_token.find_first_of(" \t\r\n") != std::string::npos) {
    return InvalidArgumentError("its token is not one word");
  }
  if (const std::string expires = TextAt(*json, {"status", "expirationTimestamp"});
      !expires.empty()) {
    answer.expires = ParseTime(expires);
    if (!answer.expires) return InvalidArgumentError("its expirationTimestamp is no time");
  }
  return answer;
}

struct ExecCredentials::State {
  process::RunOptions run;
  std::string api_version;
  Clock* clock = nullptr;
  LogSink* log = nullptr;
  std::stop_source stop;

  std::mutex mutex;
  // Guarded by mutex.
  std::optional<ExecAnswer> answer;
  SteadyTime fetched_at = {};
  bool replaced = false;  // `answer` is not the first one
  bool running = false;
  Waiting waiting;

  // With mutex held.
  bool Usable() const {
    if (!answer) return false;
    if (!answer->expires) return true;
    // One that lives less than a minute is used to its end.
    const WallTime now = clock->Now();
    const bool young = clock->SteadyNow() - fetched_at < kEarly / 2;
    return now + (young ? std::chrono::seconds(0) : kEarly) < *answer->expires;
  }
};

ExecCredentials::ExecCredentials(process::RunOptions run, std::string api_version, Clock& clock,
                                 LogSink* log)
    : state_(std::make_shared<State>()) {
  state_->run = std::move(run);
  state_->api_version = std::move(api_version);
  state_->clock = &clock;
  state_->log = log;
}

ExecCredentials::~ExecCredentials() { state_->stop.request_stop(); }

void ExecCredentials::GetAsync(std::function<void(StatusOr<Credential>)> done) {
  std::optional<Credential> known;
  {
    std::lock_guard lock(state_->mutex);
    if (state_->Usable()) {
      known = state_->answer->credential;
    } else {
      state_->waiting.push_back(std::move(done));
      if (std::exchange(state_->running, true)) return;
    }
  }
  if (known) return done(*std::move(known));
  std::thread([state = state_, stop = state_->stop.get_token()] { Refresh(state, stop); }).detach();
}

void ExecCredentials::Refresh(const std::shared_ptr<State>& state, std::stop_token stop) {
  const StatusOr<std::string> output = process::RunForOutput(state->run, stop);
  StatusOr<ExecAnswer> answer = output.status().ok()
                                    ? ParseExecCredential(*output, state->api_version)
                                    : StatusOr<ExecAnswer>(output.status());
  if (!answer.ok() && output.ok()) {
    answer = Status(StatusCode::kUnauthenticated, "credential plugin " + state->run.argv.front() +
                                                      ": " + answer.status().message());
  } else if (!answer.ok() && answer.status().code() == StatusCode::kUnknown) {
    answer = Status(StatusCode::kUnauthenticated, answer.status().message());
  }
  if (!answer.ok() && !stop.stop_requested()) {
    Log(state->log, LogLevel::kWarning, "no credentials", {{"error", answer.status().message()}});
  }
  Waiting waiting;
  {
    std::lock_guard lock(state->mutex);
    state->running = false;
    waiting.swap(state->waiting);
    if (answer.ok()) {
      state->replaced = state->answer.has_value();
      state->answer = *answer;
      if (!stop.stop_requested()) state->fetched_at = state->clock->SteadyNow();
    }
  }
  for (const auto& done : waiting) {
    answer.ok() ? done(answer->credential) : done(answer.status());
  }
}

bool ExecCredentials::Rejected() {
  std::lock_guard lock(state_->mutex);
  if (!state_->answer) return true;
  if (state_->clock->SteadyNow() - state_->fetched_at < kFresh) return state_->replaced;
  // Kept, so that the next one is known to be its replacement, but no longer usable.
  state_->answer->expires = WallTime::min();
  return true;
}

}  // namespace gsh::kubernetes
