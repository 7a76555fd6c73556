#include "src/service/spellings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gsh::service {
namespace {

using ::testing::ElementsAre;

TEST(SpellingsTest, CamelToKebabAndBack) {
  const auto expect = [](const char* camel, const char* kebab, const char* env) {
    EXPECT_EQ(ToKebab(camel), kebab);
    EXPECT_EQ(ToKebab(kebab), kebab);
    EXPECT_EQ(ToCamel(kebab), camel);
    EXPECT_EQ(ToEnvName(camel), env);
    EXPECT_EQ(ToEnvName(kebab), env);
  };
  expect("backendAddr", "backend-addr", "GSH_BACKEND_ADDR");
  expect("queryServiceAddr", "query-service-addr", "GSH_QUERY_SERVICE_ADDR");
  expect("latencyRegion1", "latency-region1", "GSH_LATENCY_REGION1");
  expect("openmatchTlsDir", "openmatch-tls-dir", "GSH_OPENMATCH_TLS_DIR");
  expect("players", "players", "GSH_PLAYERS");
  expect("p", "p", "GSH_P");
}

TEST(SpellingsTest, AcronymsAreOneWord) {
  EXPECT_EQ(ToKebab("useTLSDir"), "use-tls-dir");
  EXPECT_EQ(ToKebab("tlsCA"), "tls-ca");
  EXPECT_EQ(ToKebab("TLSDir"), "tls-dir");
}

class CanonicalArgsTest : public ::testing::Test {
 protected:
  CanonicalArgsTest() {
    for (const char* name : {"backend-addr", "interval", "latency-region1", "p", "help"}) {
      names_.Add(name);
    }
    names_.Add("backendAddr");  // the same flag once more
  }
  std::vector<std::string> Rewrite(const std::vector<std::string>& args) const {
    return CanonicalArgs(args, names_);
  }
  FlagNames names_;
};

TEST_F(CanonicalArgsTest, EverySpellingBecomesTheParsersName) {
  EXPECT_THAT(Rewrite({"-backendAddr", "h", "--backendAddr=h", "--backend-addr", "h",
                       "-backend-addr=h", "-help"}),
              ElementsAre("--backend-addr", "h", "--backend-addr=h", "--backend-addr", "h",
                          "--backend-addr=h", "--help"));
}

TEST_F(CanonicalArgsTest, ValuesStay) {
  EXPECT_THAT(Rewrite({"-interval=5", "-interval", "-5", "-p", "123", "-p123", "-5.5", "-", "a=b",
                       "interval", "-latencyRegion1", "1e-3"}),
              ElementsAre("--interval=5", "--interval", "-5", "--p", "123", "-p123", "-5.5", "-",
                          "a=b", "interval", "--latency-region1", "1e-3"));
}

TEST_F(CanonicalArgsTest, WhatIsUnknownStays) {
  EXPECT_THAT(Rewrite({"-unknown", "--unknownFlag=1", "-h", "---interval"}),
              ElementsAre("-unknown", "--unknownFlag=1", "-h", "---interval"));
}

TEST_F(CanonicalArgsTest, StopsAtTwoDashes) {
  EXPECT_THAT(Rewrite({"-interval", "1", "--", "game", "-interval", "1"}),
              ElementsAre("--interval", "1", "--", "game", "-interval", "1"));
}

TEST_F(CanonicalArgsTest, AnEmptyValueIsAWordOfItsOwn) {
  EXPECT_THAT(Rewrite({"-backendAddr=", "-interval", "1"}),
              ElementsAre("--backend-addr", "", "--interval", "1"));
}

TEST_F(CanonicalArgsTest, SuggestsWhatIsNear) {
  EXPECT_EQ(names_.Suggest("backendAdr"), "backend-addr");
  EXPECT_EQ(names_.Suggest("intreval"), "interval");
  EXPECT_EQ(names_.Suggest("metrics"), std::nullopt);
  names_.Add("p");
  EXPECT_EQ(names_.Suggest("x"), std::nullopt);
}

}  // namespace
}  // namespace gsh::service
