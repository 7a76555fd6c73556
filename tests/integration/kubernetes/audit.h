// What the API server's audit log says of a user.
#ifndef GSH_TESTS_INTEGRATION_KUBERNETES_AUDIT_H_
#define GSH_TESTS_INTEGRATION_KUBERNETES_AUDIT_H_

#include <set>
#include <string>

namespace gsh::kubernetes_test {

// "get leases.coordination.k8s.io in ns", "create pods/eviction in ns", "list nodes": a verb, a
// resource with its sub-resource and group, the namespace (empty: none). One notation for what is
// granted and for what was done.
std::string Right(const std::string& verb, const std::string& group, const std::string& resource,
                  const std::string& subresource, const std::string& ns);

// What `user` asked of the shared API server and was allowed, discovery left out. An entry is
// written after its answer was sent, so that the newest may be missing.
std::set<std::string> RightsUsedBy(const std::string& user);
// What it asked and was refused.
std::set<std::string> RightsMissedBy(const std::string& user);

// What the roles bound to a service account grant, as the API server has them.
std::set<std::string> RightsGrantedTo(const std::string& ns, const std::string& account);

}  // namespace gsh::kubernetes_test

#endif  // GSH_TESTS_INTEGRATION_KUBERNETES_AUDIT_H_
