#include <optional>
#include <utility>

#include "src/testing/sandbox/agones/sdk_messages.h"
#include "src/testing/sandbox/agones/sdk_services.h"

namespace gsh::sandbox {
namespace {

using UnaryReactor = grpc::ServerUnaryReactor;

template <typename Result, typename Response>
UnaryReactor* Answer(grpc::CallbackServerContext* context, const std::string& name,
                     const StatusOr<Result>& result, Response* response) {
  if (result.ok()) Fill(name, *result, *response);
  return FinishCall(context, result.status());
}

}  // namespace

UnaryReactor* BetaSdkService::GetCounter(Context* context,
                                         const wire_sdk::beta::GetCounterRequest* request,
                                         Counter* response) {
  return Answer(context, request->name(), side_car_->GetCounter(request->name()), response);
}

UnaryReactor* BetaSdkService::UpdateCounter(Context* context,
                                            const wire_sdk::beta::UpdateCounterRequest* request,
                                            Counter* response) {
  if (!request->has_counterupdaterequest()) {
    return FinishCall(context,
                      UnknownError("invalid argument. CounterUpdateRequest: <nil> cannot be nil"));
  }
  const auto& update = request->counterupdaterequest();
  agones::CounterUpdate wanted;
  if (update.has_count()) wanted.count = update.count().value();
  if (update.has_capacity()) wanted.capacity = update.capacity().value();
  wanted.diff = update.countdiff();
  return Answer(context, update.name(), side_car_->UpdateCounter(update.name(), wanted), response);
}

UnaryReactor* BetaSdkService::GetList(Context* context,
                                      const wire_sdk::beta::GetListRequest* request,
                                      List* response) {
  return Answer(context, request->name(), side_car_->GetList(request->name()), response);
}

// Answers, as Agones does, an empty List.
UnaryReactor* BetaSdkService::UpdateList(Context* context,
                                         const wire_sdk::beta::UpdateListRequest* request, List*) {
  if (!request->has_list() || !request->has_update_mask()) {
    return FinishCall(context, UnknownError("invalid argument. List and UpdateMask cannot be nil"));
  }
  const List& list = request->list();
  std::optional<std::int64_t> capacity;
  std::optional<std::vector<std::string>> values;
  for (const std::string& path : request->update_mask().paths()) {
    if (path == "capacity") {
      capacity = list.capacity();
    } else if (path == "values") {
      values.emplace(list.values().begin(), list.values().end());
    } else if (path != "name") {
      return FinishCall(
          context,
          UnknownError("invalid argument. Field Mask Path(s): [" + path +
                       "] are invalid for List. Use valid field name(s): name capacity values"));
    }
  }
  // Agones looks at it even if the mask does not name it.
  if (const Status valid = SideCar::CheckListCapacity(list.capacity()); !valid.ok()) {
    return FinishCall(context, valid);
  }
  return FinishCall(context, side_car_->UpdateList(list.name(), capacity, std::move(values)));
}

UnaryReactor* BetaSdkService::AddListValue(Context* context,
                                           const wire_sdk::beta::AddListValueRequest* request,
                                           List* response) {
  return Answer(context, request->name(),
                side_car_->AddListValue(request->name(), request->value()), response);
}

UnaryReactor* BetaSdkService::RemoveListValue(Context* context,
                                              const wire_sdk::beta::RemoveListValueRequest* request,
                                              List* response) {
  return Answer(context, request->name(),
                side_car_->RemoveListValue(request->name(), request->value()), response);
}

}  // namespace gsh::sandbox
