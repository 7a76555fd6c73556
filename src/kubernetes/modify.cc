#include "src/kubernetes/modify.h"

#include <memory>
#include <utility>

#include "src/kubernetes/time_left.h"

namespace gsh::kubernetes {
namespace {

constexpr int kMaxConflicts = 10;
constexpr std::chrono::milliseconds kPause{20};

class Modification : public std::enable_shared_from_this<Modification> {
 public:
  Modification(Client& client, ObjectName object,
               std::function<std::optional<Json>(const Json&)> change, CallOptions options,
               std::function<void(StatusOr<Json>)> done)
      : client_(client),
        object_(std::move(object)),
        change_(std::move(change)),
        left_(client.clock(), std::move(options)),
        done_(std::move(done)) {}

  void Read() {
    client_.CallAsync(
        {.verb = Verb::kGet, .resource = object_.resource, .ns = object_.ns, .name = object_.name},
        left_.Options(), [self = shared_from_this()](StatusOr<std::string> answer) {
          self->OnRead(std::move(answer));
        });
  }

 private:
  void OnRead(StatusOr<std::string> answer) {
    StatusOr<Json> object = Parse(std::move(answer));
    if (!object.ok()) return done_(object.status());
    std::optional<Json> patch = change_(*object);
    if (!patch) return done_(std::move(object));
    (*patch)["metadata"]["resourceVersion"] = TextAt(*object, {"metadata", "resourceVersion"});
    client_.CallAsync({.verb = Verb::kPatch,
                       .resource = object_.resource,
                       .ns = object_.ns,
                       .name = object_.name,
                       .body = Dump(*patch)},
                      left_.Options(), [self = shared_from_this()](StatusOr<std::string> written) {
                        self->OnWritten(std::move(written));
                      });
  }

  void OnWritten(StatusOr<std::string> answer) {
    if (answer.status().code() != StatusCode::kAborted || ++conflicts_ > kMaxConflicts) {
      return done_(Parse(std::move(answer)));
    }
    client_.PauseAsync(kPause * conflicts_, left_.Options(),
                       [self = shared_from_this()](Status paused) {
                         if (!paused.ok()) return self->done_(std::move(paused));
                         self->Read();
                       });
  }

  static StatusOr<Json> Parse(StatusOr<std::string> answer) {
    if (!answer.ok()) return answer.status();
    StatusOr<Json> json = ParseJsonObject(*answer);
    if (!json.ok()) return InternalError("an object that is " + json.status().message());
    return json;
  }

  Client& client_;
  const ObjectName object_;
  const std::function<std::optional<Json>(const Json&)> change_;
  const TimeLeft left_;
  const std::function<void(StatusOr<Json>)> done_;
  int conflicts_ = 0;
};

}  // namespace

void ModifyAsync(Client& client, ObjectName object,
                 std::function<std::optional<Json>(const Json&)> change, CallOptions options,
                 std::function<void(StatusOr<Json>)> done) {
  std::make_shared<Modification>(client, std::move(object), std::move(change), std::move(options),
                                 std::move(done))
      ->Read();
}

}  // namespace gsh::kubernetes
