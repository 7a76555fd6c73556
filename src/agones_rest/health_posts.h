// Health pings as requests of their own.
#ifndef GSH_SRC_AGONES_REST_HEALTH_POSTS_H_
#define GSH_SRC_AGONES_REST_HEALTH_POSTS_H_

#include <memory>

#include "src/agones/health_pinger.h"
#include "src/http/client/client.h"

namespace gsh::agones_rest {

// `client` makes one attempt for each call, and must outlive the line's Close().
std::shared_ptr<agones::HealthLine> OpenHealthPosts(http::Client& client,
                                                    agones::HealthEvents events);

}  // namespace gsh::agones_rest

#endif  // GSH_SRC_AGONES_REST_HEALTH_POSTS_H_
