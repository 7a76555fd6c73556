#include "src/director/drop_backfill.h"

#include <chrono>
#include <utility>

namespace gsh::director {
namespace {

constexpr Duration kTimeout = std::chrono::seconds(5);

}  // namespace

bool BringsBackfill(const openmatch::Match& match) {
  return match.backfill && match.allocate_gameserver && !match.backfill->id.empty();
}

void DropBackfill(const SessionPtr& session, const openmatch::Match& match,
                  std::function<void()> done) {
  if (!BringsBackfill(match)) return done();
  Event event{
      .kind = Event::Kind::kBackfillDropped, .match_id = match.id, .detail = match.backfill->id};
  if (session->options.frontend == nullptr) {
    event.status = FailedPreconditionError("the director has no frontend: it must expire");
    session->Emit(event);
    return done();
  }
  session->options.frontend->DeleteBackfillAsync(
      match.backfill->id, session->CleanupCall(kTimeout),
      [session, event = std::move(event), done = std::move(done)](const Status& status) mutable {
        event.status = status;
        session->Emit(event);
        done();
      });
}

}  // namespace gsh::director
