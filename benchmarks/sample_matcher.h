// What a match function straight from a sample does, with its mistakes put right: the tickets of a
// pool sorted by latency, which is looked up in each ticket's map at every comparison, and cut into
// matches of four.
#ifndef GSH_BENCHMARKS_SAMPLE_MATCHER_H_
#define GSH_BENCHMARKS_SAMPLE_MATCHER_H_

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace gsh::benchmarks {

struct SampleTicket {
  std::string id;
  std::map<std::string, double> double_args;       // "latency-us-east-1" -> ms
  std::map<std::string, std::string> string_args;  // "region" -> "us-east-1"
};

struct SampleMatch {
  std::vector<const SampleTicket*> tickets;
  double score = 0;  // 1000 / mean latency
};

inline double SampleLatency(const SampleTicket& ticket) {
  return ticket.double_args.at("latency-" + ticket.string_args.at("region"));
}

inline std::vector<SampleMatch> MatchAsTheSampleDoes(const std::vector<SampleTicket>& pool) {
  constexpr std::size_t kPlayers = 4;
  std::vector<const SampleTicket*> sorted;
  for (const SampleTicket& ticket : pool) sorted.push_back(&ticket);
  sorted.resize(sorted.size() / kPlayers * kPlayers);
  std::sort(sorted.begin(), sorted.end(), [](const SampleTicket* a, const SampleTicket* b) {
    return SampleLatency(*a) < SampleLatency(*b);
  });
  std::vector<SampleMatch> matches;
  for (std::size_t first = 0; first < sorted.size(); first += kPlayers) {
    SampleMatch match;
    double total = 0;
    for (std::size_t i = first; i < first + kPlayers; ++i) {
      total += SampleLatency(*sorted[i]);
      match.tickets.push_back(sorted[i]);
    }
    match.score = 1000 / std::max(total / kPlayers, 0.001);
    matches.push_back(match);
  }
  return matches;
}

}  // namespace gsh::benchmarks

#endif  // GSH_BENCHMARKS_SAMPLE_MATCHER_H_
