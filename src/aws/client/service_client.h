// ServiceClient: signed calls to one AWS service, over the one HTTP client of the house.
#ifndef GSH_SRC_AWS_CLIENT_SERVICE_CLIENT_H_
#define GSH_SRC_AWS_CLIENT_SERVICE_CLIENT_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "gsh/aws/options.h"
#include "gsh/status.h"
#include "src/aws/config/service.h"
#include "src/rpc/common/method.h"

namespace gsh::aws {

class ServiceClient {
 public:
  // Does not connect. A region that only the instance knows is asked for by the first call.
  static StatusOr<std::unique_ptr<ServiceClient>> Make(AwsOptions options, const Service& service);
  virtual ~ServiceClient() = default;

  // `method.operation` is the API's action; `body` is JSON, or for the query protocol the encoded
  // parameters without Action and Version. The answer is the body as it came. Errors carry the
  // service's own name (ErrorInfo::name, "ConflictException") and the request id.
  void CallAsync(const rpc::Method& method, std::string body, CallOptions options,
                 std::function<void(StatusOr<std::string>)> done) {
    CallAsync(method, std::move(body), Duration(0), std::move(options), std::move(done));
  }
  // `wait`: how long the service may hold the answer back, on top of the usual time-outs.
  virtual void CallAsync(const rpc::Method& method, std::string body, Duration wait,
                         CallOptions options, std::function<void(StatusOr<std::string>)> done) = 0;
  // Ends as a call does, without one: for requests that are wrong as they stand.
  virtual void FailAsync(Status status, CallOptions options,
                         std::function<void(StatusOr<std::string>)> done) = 0;
};

}  // namespace gsh::aws

#endif  // GSH_SRC_AWS_CLIENT_SERVICE_CLIENT_H_
