// Open Match and Agones in memory, on a manual clock, for the director's tests. Calls take time,
// can fail before or after they took effect, and obey timeouts and stop requests.
#ifndef GSH_SRC_DIRECTOR_FAKE_WORLD_H_
#define GSH_SRC_DIRECTOR_FAKE_WORLD_H_

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gsh/agones/allocator.h"
#include "gsh/agones/match_annotation.h"
#include "gsh/openmatch/backend.h"
#include "gsh/testing/manual_clock.h"
#include "gsh/testing/mock_openmatch.h"
#include "src/director/sleep_then.h"

namespace gsh::director {

// What happens to one call.
struct Fault {
  Status before = {};        // fails without effect
  Status after = {};         // takes effect, and its answer is lost
  Duration delay{0};         // until it takes effect
  Duration answer_delay{0};  // from then until the answer
  bool idle = false;         // does nothing, and says that it did
  bool stale = false;        // the allocator does not see which servers are allocated
};
using Faults = std::function<Fault(std::string_view method)>;

// A call that is answered once.
class FakeCallState : public std::enable_shared_from_this<FakeCallState> {
 public:
  explicit FakeCallState(std::function<void(Status)> done) : done_(std::move(done)) {}

  void Answer(const Status& status) {
    std::function<void(Status)> done;
    std::unique_ptr<OnStop> on_stop;
    {
      std::lock_guard lock(mutex_);
      done = std::exchange(done_, nullptr);
      on_stop = std::move(on_stop_);
    }
    if (!done) return;
    done(status);
    answered_.request_stop();
  }
  void AnswerOn(std::stop_token stop) {
    auto on_stop = std::make_unique<OnStop>(std::move(stop), [self = shared_from_this()] {
      self->Answer(CancelledError("the call was cancelled"));
    });
    std::lock_guard lock(mutex_);
    if (done_) on_stop_ = std::move(on_stop);
  }
  std::stop_token answered() const { return answered_.get_token(); }

 private:
  using OnStop = std::stop_callback<std::function<void()>>;
  std::mutex mutex_;
  std::function<void(Status)> done_;
  std::unique_ptr<OnStop> on_stop_;
  std::stop_source answered_;
};

// One call on the fake's clock: `effect` always runs unless the call fails before, as on a server
// that goes on when its client has given up (`heard`: it has not). `done` gets OK, or the error,
// exactly once.
inline void FakeCall(Clock& clock, const Fault& fault, const CallOptions& options,
                     std::function<void(bool heard)> effect, std::function<void(Status)> done) {
  const auto call = std::make_shared<FakeCallState>(std::move(done));
  clock.RunAfter(fault.delay, [&clock, call, fault, effect = std::move(effect)] {
    if (!fault.before.ok()) return call->Answer(fault.before);
    if (!fault.idle) effect(!call->answered().stop_requested());
    SleepThen(clock, fault.answer_delay, call->answered(),
              [call, fault] { call->Answer(fault.after); });
  });
  if (options.timeout) {
    SleepThen(clock, *options.timeout, call->answered(),
              [call] { call->Answer(DeadlineExceededError("the call took too long")); });
  }
  call->AnswerOn(options.stop);
}

// Tickets by id; FetchMatches gives what `matcher` makes of those that wait.
class FakeOpenMatch final : public openmatch::Backend, public testing::MockFrontend {
 public:
  struct TicketRecord {
    openmatch::Ticket ticket;
    SteadyTime pending_until = SteadyTime::min();
    std::vector<std::string> connections = {};  // each new one that was assigned
  };
  using Matcher = std::function<std::vector<openmatch::Match>(
      const openmatch::MatchProfile&, const std::vector<openmatch::Ticket>& waiting)>;

  explicit FakeOpenMatch(Clock& clock) : clock_(clock) {}

  void AddTicket(openmatch::Ticket ticket) {
    const std::string id = ticket.id;
    tickets[id] = {.ticket = std::move(ticket)};
  }
  std::vector<openmatch::Ticket> Waiting() const {
    std::vector<openmatch::Ticket> waiting;
    for (const auto& [id, record] : tickets) {
      if (!IsPending(id) && record.connections.empty()) waiting.push_back(record.ticket);
    }
    return waiting;
  }
  // In a director's hands, as far as Open Match knows.
  bool IsPending(const std::string& id) const {
    return tickets.at(id).pending_until > clock_.SteadyNow();
  }

  void FetchMatchesAsync(openmatch::FunctionConfig, openmatch::MatchProfile profile,
                         CallOptions options, std::function<void(openmatch::Match)> on_match,
                         openmatch::Backend::DoneCallback done) override {
    std::lock_guard lock(mutex_);
    profiles.push_back(profile);
    FakeCall(
        clock_, Next("FetchMatches"), options,
        [this, profile, on_match](bool heard) {
          std::lock_guard effect_lock(mutex_);
          for (openmatch::Match& match : matcher(profile, Waiting())) {
            for (const openmatch::Ticket& ticket : match.tickets) MarkPending(ticket.id);
            ++fetched_matches;
            if (heard) on_match(std::move(match));
          }
        },
        std::move(done));
  }

  void AssignTicketsAsync(
      std::vector<openmatch::AssignmentGroup> groups, CallOptions options,
      std::function<void(StatusOr<std::vector<openmatch::AssignmentFailure>>)> done) override {
    std::lock_guard lock(mutex_);
    ++assign_calls;
    auto failures = std::make_shared<std::vector<openmatch::AssignmentFailure>>();
    Fault fault = Next("AssignTickets");
    if (Status status = CheckGroups(groups); !status.ok()) fault.before = status;
    FakeCall(
        clock_, fault, options, [this, groups, failures](bool) { *failures = Assign(groups); },
        [failures, done = std::move(done)](const Status& status) {
          if (!status.ok()) return done(status);
          done(*failures);
        });
  }

  void ReleaseTicketsAsync(std::vector<std::string> ids, CallOptions options,
                           openmatch::Backend::DoneCallback done) override {
    std::lock_guard lock(mutex_);
    ++release_calls;
    FakeCall(
        clock_, Next("ReleaseTickets"), options,
        [this, ids = std::move(ids)](bool) {
          std::lock_guard effect_lock(mutex_);
          for (const std::string& id : ids) {
            released.push_back(id);
            if (tickets.contains(id)) tickets[id].pending_until = SteadyTime::min();
          }
        },
        std::move(done));
  }

  void ReleaseAllTicketsAsync(CallOptions, openmatch::Backend::DoneCallback done) override {
    done(UnknownError("the director never does this"));
  }

  void GetTicketAsync(std::string id, CallOptions options,
                      Callback<openmatch::Ticket> done) override {
    std::lock_guard lock(mutex_);
    FakeCall(
        clock_, Next("GetTicket"), options, [](bool) {},
        [this, id, done = std::move(done)](const Status& status) {
          if (!status.ok()) return done(status);
          if (!tickets.contains(id)) return done(NotFoundError(id));
          openmatch::Ticket ticket = tickets[id].ticket;
          if (!tickets[id].connections.empty()) {
            ticket.assignment = {.connection = tickets[id].connections.back()};
          }
          done(ticket);
        });
  }

  void DeleteBackfillAsync(std::string id, CallOptions options,
                           openmatch::Frontend::DoneCallback done) override {
    std::lock_guard lock(mutex_);
    FakeCall(
        clock_, Next("DeleteBackfill"), options,
        [this, id](bool) {
          std::lock_guard effect_lock(mutex_);
          deleted_backfills.push_back(id);
          released_before_deletion.push_back(released.size());
        },
        std::move(done));
  }

  std::map<std::string, TicketRecord> tickets;
  Duration pending_release_timeout = std::chrono::hours(1000);  // never
  Matcher matcher;
  Faults faults;
  std::function<Status(const openmatch::AssignmentGroup&)> refuse;  // not OK: refuses the call
  std::vector<openmatch::MatchProfile> profiles;                    // asked for
  std::vector<std::string> released;
  std::vector<std::string> deleted_backfills;
  std::vector<std::size_t> released_before_deletion;         // how many tickets, of each
  std::map<std::string, openmatch::Assignment> assignments;  // the last of each ticket
  int fetched_matches = 0;
  int assign_calls = 0;
  int release_calls = 0;

 private:
  Fault Next(std::string_view method) { return faults ? faults(method) : Fault{}; }

  void MarkPending(const std::string& id) {
    if (!tickets.contains(id)) return;
    tickets[id].pending_until = clock_.SteadyNow() + pending_release_timeout;
  }

  // As Open Match checks them.
  Status CheckGroups(const std::vector<openmatch::AssignmentGroup>& groups) const {
    std::set<std::string> seen;
    for (const openmatch::AssignmentGroup& group : groups) {
      if (group.ticket_ids.empty()) return InvalidArgumentError("no ticket ids");
      for (const std::string& id : group.ticket_ids) {
        if (!seen.insert(id).second) return InvalidArgumentError("assigned twice: " + id);
      }
      if (refuse) {
        if (Status status = refuse(group); !status.ok()) return status;
      }
    }
    return OkStatus();
  }

  std::vector<openmatch::AssignmentFailure> Assign(
      const std::vector<openmatch::AssignmentGroup>& groups) {
    std::lock_guard lock(mutex_);
    std::vector<openmatch::AssignmentFailure> failures;
    for (const openmatch::AssignmentGroup& group : groups) {
      for (const std::string& id : group.ticket_ids) {
        if (!tickets.contains(id)) {
          failures.push_back({id, openmatch::AssignmentFailure::Cause::kTicketNotFound});
          continue;
        }
        TicketRecord& record = tickets[id];
        record.pending_until = SteadyTime::min();
        const std::string& connection = group.assignment.connection;
        if (record.connections.empty() || record.connections.back() != connection) {
          record.connections.push_back(connection);
        }
        assignments[id] = group.assignment;
      }
    }
    return failures;
  }

  Clock& clock_;
  std::recursive_mutex mutex_;  // a test may run the director on a thread of its own
};

// Game servers with states and labels; selectors in order, as Agones tries them.
class FakeAllocator final : public agones::Allocator {
 public:
  struct Server {
    std::string name;
    std::string connection;
    bool allocated = false;
    int cluster = 0;
    agones::Labels labels = {};
    agones::Labels annotations = {};
    bool GivenBack() const { return IsRelease(annotations); }
  };

  static bool IsRelease(const agones::Labels& annotations) {
    const auto release = annotations.find(agones::kReleaseAnnotation);
    return release != annotations.end() && release->second == "true";
  }

  explicit FakeAllocator(Clock& clock) : clock_(clock) {}

  void AddServers(const std::string& region, int count) {
    for (int i = 0; i < count; ++i) {
      const std::string name = "gs-" + std::to_string(servers.size());
      servers.push_back(
          {.name = name, .connection = name + ".example:7000", .labels = {{"region", region}}});
    }
  }
  int allocated() const {
    return static_cast<int>(
        std::count_if(servers.begin(), servers.end(), [](const Server& s) { return s.allocated; }));
  }
  int given_back() const {
    return static_cast<int>(std::count_if(servers.begin(), servers.end(),
                                          [](const Server& s) { return s.GivenBack(); }));
  }

  void AllocateAsync(agones::AllocationRequest request, CallOptions options,
                     std::function<void(StatusOr<agones::Allocation>)> done) override {
    std::lock_guard lock(mutex_);
    requests.push_back(request);
    most_in_flight = std::max(most_in_flight, ++in_flight);
    const bool gives_back = IsRelease(request.annotations);
    const Fault fault = faults ? faults(gives_back ? "GiveBack" : "Allocate") : Fault{};
    auto answer = std::make_shared<StatusOr<agones::Allocation>>(agones::Allocation{});
    FakeCall(
        clock_, fault, options,
        [this, request, answer, fault](bool) { *answer = Allocate(request, fault.stale); },
        [this, answer, done = std::move(done)](const Status& status) {
          {
            std::lock_guard done_lock(mutex_);
            --in_flight;
          }
          if (!status.ok()) return done(status);
          done(*answer);
        });
  }

  std::vector<Server> servers;
  std::vector<agones::AllocationRequest> requests;
  std::function<int()> choose_cluster;  // for multi-cluster requests
  Faults faults;
  int in_flight = 0;
  int most_in_flight = 0;

 private:
  static bool Fits(const Server& server, const agones::GameServerSelector& selector) {
    const bool wants_allocated = selector.state == agones::GameServerSelector::State::kAllocated;
    if (server.allocated != wants_allocated) return false;
    return std::all_of(selector.match_labels.begin(), selector.match_labels.end(),
                       [&](const auto& label) {
                         const auto found = server.labels.find(label.first);
                         return found != server.labels.end() && found->second == label.second;
                       });
  }

  StatusOr<agones::Allocation> Allocate(const agones::AllocationRequest& request, bool stale) {
    std::lock_guard lock(mutex_);
    const int cluster = request.multicluster && choose_cluster ? choose_cluster() : 0;
    for (const agones::GameServerSelector& selector : request.selectors) {
      if (stale && selector.state == agones::GameServerSelector::State::kAllocated) continue;
      for (Server& server : servers) {
        if (server.cluster != cluster || !Fits(server, selector)) continue;
        server.allocated = true;
        for (const auto& [key, value] : request.labels) server.labels[key] = value;
        for (const auto& [key, value] : request.annotations) server.annotations[key] = value;
        return AllocationOf(server);
      }
    }
    return ResourceExhaustedError("there is no available GameServer to allocate");
  }

  static agones::Allocation AllocationOf(const Server& server) {
    const std::size_t colon = server.connection.rfind(':');
    agones::Allocation allocation{.game_server = server.name};
    if (colon == std::string::npos) return allocation;  // of no use: no address, no port
    allocation.address = server.connection.substr(0, colon);
    allocation.ports = {{"default", std::stoi(server.connection.substr(colon + 1))}};
    return allocation;
  }

  Clock& clock_;
  std::recursive_mutex mutex_;
};

}  // namespace gsh::director

#endif  // GSH_SRC_DIRECTOR_FAKE_WORLD_H_
