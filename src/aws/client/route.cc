#include "src/aws/client/route.h"

#include <string>
#include <utility>

namespace gsh::aws {
namespace {

Status NoRegion(const Status& why) {
  ErrorInfo info = why.info() == nullptr ? ErrorInfo{} : *why.info();
  info.name = kNoRegion;
  return Status(why.code(), "no region is set, and the instance's is not known: " + why.message(),
                std::move(info));
}

}  // namespace

RouteSource::RouteSource(ClientSettings settings, const Service& service, AskRegion ask_region)
    : settings_(std::move(settings)), service_(service), ask_region_(std::move(ask_region)) {}

StatusOr<std::shared_ptr<RouteSource>> RouteSource::Make(ClientSettings settings,
                                                         const Service& service,
                                                         AskRegion ask_region) {
  ClientSettings probable = settings;
  if (probable.region.empty()) probable.region = "us-east-1";
  const std::shared_ptr<RouteSource> source(
      new RouteSource(std::move(settings), service, std::move(ask_region)));
  auto route = source->Resolve(probable);
  if (!route.ok()) return route.status();
  source->probable_ = (*route)->endpoint;
  if (!source->settings_.region.empty()) source->route_ = *std::move(route);
  return source;
}

StatusOr<std::shared_ptr<const Route>> RouteSource::Resolve(const ClientSettings& settings) const {
  auto endpoint = ResolveEndpoint(settings, service_);
  if (!endpoint.ok()) return endpoint.status();
  auto signer = Signer::Make(endpoint->signing_region, std::string(service_.signing_name));
  if (!signer.ok()) return signer.status();
  auto route = std::make_shared<Route>();
  route->endpoint = *std::move(endpoint);
  route->signer = *std::move(signer);
  return std::shared_ptr<const Route>(std::move(route));
}

void RouteSource::Get(Callback done) {
  AskRegion ask;
  {
    std::unique_lock lock(mutex_);
    if (route_ != nullptr) {
      const std::shared_ptr<const Route> route = route_;
      lock.unlock();
      return done(route);
    }
    waiting_.push_back(std::move(done));
    if (waiting_.size() > 1) return;  // somebody has asked
    ask = ask_region_;
  }
  if (!ask) return OnRegion(CancelledError("the client was destroyed"));
  ask([weak = weak_from_this()](const StatusOr<std::string>& region) {
    if (const auto self = weak.lock()) self->OnRegion(region);
  });
}

void RouteSource::Close() {
  AskRegion last;  // goes after the lock: it may end a call that takes it
  std::lock_guard lock(mutex_);
  last.swap(ask_region_);
}

void RouteSource::OnRegion(const StatusOr<std::string>& region) {
  StatusOr<std::shared_ptr<const Route>> route(nullptr);
  if (region.ok()) {
    ClientSettings settings = settings_;
    settings.region = *region;
    route = Resolve(settings);
  } else {
    route = NoRegion(region.status());
  }
  std::vector<Callback> waiting;
  {
    std::lock_guard lock(mutex_);
    if (route.ok()) route_ = *route;
    waiting.swap(waiting_);
  }
  for (const Callback& done : waiting) done(route);
}

}  // namespace gsh::aws
