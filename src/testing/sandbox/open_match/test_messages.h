// Short forms of wire messages for this folder's tests.
#ifndef GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TEST_MESSAGES_H_
#define GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TEST_MESSAGES_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/proto/openmatch.h"
#include "src/proto/serialised.h"

namespace gsh::sandbox {

inline wire_openmatch::Ticket LatencyTicket(double latency, std::string region = "us-east-1") {
  wire_openmatch::Ticket ticket;
  ticket.mutable_search_fields()->add_tags("mode.session");
  (*ticket.mutable_search_fields()->mutable_double_args())["latency-" + region] = latency;
  return ticket;
}

inline wire_openmatch::Pool LatencyPool(double min, double max, std::string region = "us-east-1") {
  wire_openmatch::Pool pool;
  pool.set_name("pool");
  pool.add_tag_present_filters()->set_tag("mode.session");
  auto* range = pool.add_double_range_filters();
  range->set_double_arg("latency-" + region);
  range->set_min(min);
  range->set_max(max);
  return pool;
}

inline wire_openmatch::Match Proposal(std::string id, std::vector<std::string> tickets,
                                      std::optional<double> score = std::nullopt) {
  wire_openmatch::Match match;
  match.set_match_id(std::move(id));
  for (std::string& ticket : tickets) match.add_tickets()->set_id(std::move(ticket));
  if (score) {
    wire_openmatch::DefaultEvaluationCriteria criteria;
    criteria.set_score(*score);
    auto& input = (*match.mutable_extensions())["evaluation_input"];
    input.set_type_url("type.googleapis.com/openmatch.DefaultEvaluationCriteria");
    input.set_value(criteria.SerializeAsString());
  }
  return match;
}

// As the sandbox handles it.
inline serialised::Match Serialised(const wire_openmatch::Match& match) {
  serialised::Match same;
  same.ParseFromString(match.SerializeAsString());
  return same;
}

}  // namespace gsh::sandbox

#endif  // GSH_SRC_TESTING_SANDBOX_OPEN_MATCH_TEST_MESSAGES_H_
