#include "bindings/python/frontend.h"

#include <pybind11/stl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "bindings/python/assignment_watch.h"
#include "bindings/python/call.h"
#include "bindings/python/lifetime.h"
#include "bindings/python/status.h"
#include "bindings/python/types.h"
#include "gsh/openmatch/frontend.h"

namespace gsh::python {
namespace {

using openmatch::Frontend;
using openmatch::FrontendOptions;

// A frontend that can be closed while other threads use it.
class ClosableFrontend final : public Closable {
 public:
  explicit ClosableFrontend(std::shared_ptr<Frontend> client) : client_(std::move(client)) {}

  ~ClosableFrontend() override {
    if (client_ == nullptr) return;  // also how it is when the interpreter is ending
    const Unlocked unlocked;
    Close();
  }

  // For the start of one call only: whoever keeps it keeps Close() from ending the calls.
  std::shared_ptr<Frontend> client() {
    std::lock_guard lock(mutex_);
    if (client_ == nullptr) throw StatusError(FailedPreconditionError("the frontend is closed"));
    return client_;
  }

  void Close() override {
    std::unique_lock lock(mutex_);
    const auto client = std::exchange(client_, nullptr);
    lock.unlock();  // calls that end now may look at this object
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<Frontend> client_;
};

using FrontendClass = py::class_<ClosableFrontend, std::shared_ptr<ClosableFrontend>>;

// One RPC with arguments Args: NAME waits for it, begin_NAME completes a future.
template <typename... Args>
struct Rpc {
  template <typename Result>
  using Method = void (Frontend::*)(Args..., CallOptions, std::function<void(Result)>);

  template <typename Result>
  static void Bind(FrontendClass& frontend, const std::string& name, Method<Result> method) {
    frontend.def(name.c_str(), [method](ClosableFrontend& self, Args... args,
                                        std::optional<double> timeout) {
      const Entered entered;
      return ObjectOf(Wait<Result>(OptionsOf(timeout), [&](auto options, auto done) {
        (*self.client().*method)(std::move(args)..., std::move(options), std::move(done));
      }));
    });
    frontend.def(("begin_" + name).c_str(), [method](ClosableFrontend& self, Args... args,
                                                     std::optional<double> timeout,
                                                     std::shared_ptr<CompletionQueue> queue,
                                                     py::object future) {
      return Begin<Result>(
          std::move(queue), std::move(future), OptionsOf(timeout), [&](auto options, auto done) {
            (*self.client().*method)(std::move(args)..., std::move(options), std::move(done));
          });
    });
  }
};

TlsOptions Tls(std::string ca_file, std::string cert_file, std::string key_file,
               std::string server_name, bool insecure) {
  return {.ca_file = std::move(ca_file),
          .cert_file = std::move(cert_file),
          .key_file = std::move(key_file),
          .server_name = std::move(server_name),
          .insecure = insecure};
}

RetryOptions Retry(int max_attempts, double initial_backoff, double max_backoff, double budget,
                   double budget_refill) {
  return {.max_attempts = max_attempts,
          .initial_backoff = DurationOf(initial_backoff, "retry.initial_backoff"),
          .max_backoff = DurationOf(max_backoff, "retry.max_backoff"),
          .budget = budget,
          .budget_refill = budget_refill};
}

std::shared_ptr<ClosableFrontend> Make(std::string endpoint, TlsOptions tls, RetryOptions retry,
                                       double timeout, std::uint32_t max_message_bytes,
                                       std::size_t max_tags, std::size_t max_args,
                                       std::size_t max_extension_bytes) {
  FrontendOptions options{.client = {.endpoint = std::move(endpoint),
                                     .tls = std::move(tls),
                                     .retry = retry,
                                     .timeout = DurationOf(timeout, "timeout"),
                                     .max_message_bytes = max_message_bytes},
                          .max_tags = max_tags,
                          .max_args = max_args,
                          .max_extension_bytes = max_extension_bytes};
  std::shared_ptr<Frontend> client = [&] {
    const Unlocked unlocked;
    return ValueOrThrow(openmatch::MakeFrontend(std::move(options)));
  }();
  auto frontend = std::make_shared<ClosableFrontend>(std::move(client));
  if (!CloseAtExit(frontend)) frontend->Close();
  return frontend;
}

}  // namespace

void BindFrontend(py::module_& module) {
  py::class_<TlsOptions>(module, "Tls").def(py::init(&Tls));
  py::class_<RetryOptions>(module, "Retry").def(py::init(&Retry));
  FrontendClass frontend(module, "Frontend");
  frontend.def(py::init(&Make));
  frontend.def("close", [](ClosableFrontend& self) {
    const Unlocked unlocked;
    self.Close();
  });
  frontend.def("watch_assignments",
               [](ClosableFrontend& self, std::string ticket_id, std::optional<double> timeout) {
                 CallOptions options = OptionsOf(timeout);
                 const Unlocked unlocked;
                 return std::make_unique<AssignmentWatch>(*self.client(), std::move(ticket_id),
                                                          std::move(options));
               });
  using openmatch::Assignment;
  using openmatch::Backfill;
  using openmatch::Ticket;
  using std::string;
  Rpc<Ticket>::Bind(frontend, "create_ticket", &Frontend::CreateTicketAsync);
  Rpc<string>::Bind(frontend, "delete_ticket", &Frontend::DeleteTicketAsync);
  Rpc<string>::Bind(frontend, "get_ticket", &Frontend::GetTicketAsync);
  Rpc<string>::Bind(frontend, "wait_for_assignment", &Frontend::WaitForAssignmentAsync);
  Rpc<Backfill>::Bind(frontend, "create_backfill", &Frontend::CreateBackfillAsync);
  Rpc<string>::Bind(frontend, "delete_backfill", &Frontend::DeleteBackfillAsync);
  Rpc<string>::Bind(frontend, "get_backfill", &Frontend::GetBackfillAsync);
  Rpc<Backfill>::Bind(frontend, "update_backfill", &Frontend::UpdateBackfillAsync);
  Rpc<string, Assignment>::Bind(frontend, "acknowledge_backfill",
                                &Frontend::AcknowledgeBackfillAsync);
}

}  // namespace gsh::python
