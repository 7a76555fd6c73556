// FakeBackfills: the backfill half of a frontend in memory, with faults, for the keeper's tests. It
// does what open-match v1.8 does (internal/app/frontend/frontend_service.go).
#ifndef GSH_SRC_OPENMATCH_FAKE_BACKFILLS_H_
#define GSH_SRC_OPENMATCH_FAKE_BACKFILLS_H_

#include <gmock/gmock.h>

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "gsh/openmatch/backfill_keeper.h"
#include "gsh/testing/mock_openmatch.h"

namespace gsh::openmatch {

inline constexpr char kSeatsKey[] = "seats";

// "1,2" in an extension.
inline SeatFormat PlainSeats() {
  return {.read = [](const Backfill& backfill) -> StatusOr<Seats> {
            const auto found = backfill.extensions.find(kSeatsKey);
            if (found == backfill.extensions.end()) return NotFoundError("no seats");
            Seats seats;
            for (const char c : found->second.value) {
              if (c != ',') seats.push_back(static_cast<std::uint32_t>(c - '0'));
            }
            return seats;
          },
          .write =
              [](const Seats& open, Backfill& backfill) {
                std::string text;
                for (const std::uint32_t seats : open) {
                  if (!text.empty()) text += ',';
                  text += std::to_string(seats);
                }
                backfill.extensions[kSeatsKey] = {.value = text};
              }};
}

class FakeBackfills : public ::testing::NiceMock<testing::MockFrontend> {
 public:
  struct Stored {
    Backfill backfill = {};
    std::vector<Ticket> waiting = {};
    bool expired = false;
  };
  struct Fault {
    Status status = {};
    bool took_effect = false;
  };

  void CreateBackfillAsync(Backfill backfill, CallOptions, Callback<Backfill> done) override {
    Run<StatusOr<Backfill>>("Create", std::move(done), [this, backfill]() -> StatusOr<Backfill> {
      Backfill made = backfill;
      if (made.create_time || !made.id.empty()) return InvalidArgumentError("must not be set");
      made.id = "b" + std::to_string(++made_);
      made.create_time = WallTime();
      made.generation = 1;
      stored_[made.id] = {.backfill = made};
      return made;
    });
  }
  void AcknowledgeBackfillAsync(std::string id, Assignment assignment, CallOptions,
                                Callback<AcknowledgedBackfill> done) override {
    Run<StatusOr<AcknowledgedBackfill>>(
        "Acknowledge", std::move(done), [this, id, assignment]() -> StatusOr<AcknowledgedBackfill> {
          const auto found = stored_.find(id);
          if (found == stored_.end()) return NotFoundError(id);
          if (found->second.expired) return UnavailableError("expired");
          connections_.push_back(assignment.connection);
          return AcknowledgedBackfill{.backfill = found->second.backfill,
                                      .tickets = std::exchange(found->second.waiting, {})};
        });
  }
  void UpdateBackfillAsync(Backfill backfill, CallOptions, Callback<Backfill> done) override {
    Run<StatusOr<Backfill>>("Update", std::move(done), [this, backfill]() -> StatusOr<Backfill> {
      const auto found = stored_.find(backfill.id);
      if (found == stored_.end()) return NotFoundError(backfill.id);
      if (found->second.expired) return UnavailableError("expired");
      Backfill next = backfill;
      next.generation = found->second.backfill.generation + 1;
      found->second.backfill = next;
      for (const Ticket& ticket : std::exchange(found->second.waiting, {})) {
        released_.push_back(ticket.id);
      }
      return next;
    });
  }
  void DeleteBackfillAsync(std::string id, CallOptions, DoneCallback done) override {
    Run<Status>("Delete", std::move(done), [this, id]() -> Status {
      const auto found = stored_.find(id);
      if (found == stored_.end()) return OkStatus();
      for (const Ticket& ticket : found->second.waiting) released_.push_back(ticket.id);
      stored_.erase(found);
      return OkStatus();
    });
  }

  // The next call of `method` fails so.
  void Fail(const std::string& method, Fault fault) { faults_[method].push_back(std::move(fault)); }
  void ClearFaults() { faults_.clear(); }
  // Answers wait until Answer().
  void Hold() { hold_ = true; }
  void Answer() {
    hold_ = false;
    for (const auto& answer : std::exchange(held_, {})) answer();
  }
  // A match: `tickets` wait in the backfill, whose open seats become `seats`.
  void Match(const std::string& id, std::vector<std::string> tickets, const Seats& seats) {
    Stored& stored = stored_.at(id);
    for (std::string& ticket : tickets) stored.waiting.push_back({.id = std::move(ticket)});
    PlainSeats().write(seats, stored.backfill);
    ++stored.backfill.generation;
  }
  std::vector<std::string> ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, stored] : stored_) ids.push_back(id);
    return ids;
  }
  std::string seats(const std::string& id) const {
    return stored_.at(id).backfill.extensions.at(kSeatsKey).value;
  }

  std::map<std::string, Stored> stored_;
  std::vector<std::string> calls_;
  std::vector<std::string> released_;  // tickets that are back in the queue
  std::vector<std::string> connections_;

 private:
  template <typename Result, typename Done, typename Effect>
  void Run(const std::string& method, Done done, const Effect& effect) {
    calls_.push_back(method);
    Result result = Result(UnknownError(""));
    auto& faults = faults_[method];
    if (faults.empty()) {
      result = effect();
    } else {
      const Fault fault = std::move(faults.front());
      faults.pop_front();
      if (fault.took_effect) (void)effect();
      result = fault.status;
    }
    if (!hold_) return done(std::move(result));
    held_.push_back([done = std::move(done), result = std::move(result)] { done(result); });
  }

  int made_ = 0;
  bool hold_ = false;
  std::map<std::string, std::deque<Fault>> faults_;
  std::vector<std::function<void()>> held_;
};

}  // namespace gsh::openmatch

#endif  // GSH_SRC_OPENMATCH_FAKE_BACKFILLS_H_
