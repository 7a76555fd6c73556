#include "src/aws/client/xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "gsh/testing/matchers.h"

namespace gsh::aws {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

TEST(ParseXml, ReadsElementsAndText) {
  const auto root =
      ParseXml("\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- c --><a:root xmlns:a='x' b = \"<\">");
  EXPECT_FALSE(root.ok());  // "<" in an attribute
  const auto good = ParseXml(
      "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- c --><a:root xmlns:a='x > y' b = \"2\"><one>1"
      "<![CDATA[<&>]]>2</one><two/><one>second</one ><?pi?></a:root>\n");
  ASSERT_THAT(good, IsOk());
  EXPECT_EQ(good->name, "root");
  EXPECT_EQ(good->TextOf("one"), "1<&>2");
  EXPECT_EQ(good->TextOf("two"), "");
  EXPECT_EQ(good->TextOf("three"), "");
  EXPECT_EQ(good->Find("three"), nullptr);
  EXPECT_EQ(good->children.size(), 3u);
}

TEST(ParseXml, KnowsPredefinedEntitiesAndNumbers) {
  const auto root = ParseXml("<a>&lt;&gt;&amp;&quot;&apos;&#65;&#xe9;&#x20AC;&#x1F600;</a>");
  ASSERT_THAT(root, IsOk());
  EXPECT_EQ(root->text, "<>&\"'A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
}

TEST(ParseXml, RefusesDocumentTypes) {
  EXPECT_THAT(ParseXml("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("document type")));
  EXPECT_THAT(ParseXml("<a>&x;</a>"), StatusIs(StatusCode::kInvalidArgument, HasSubstr("entity")));
}

TEST(ParseXml, RefusesWhatIsNotWellFormed) {
  for (const char* bad : {"",
                          " ",
                          "x",
                          "<",
                          "<a",
                          "<a>",
                          "<a></b>",
                          "</a>",
                          "<a/><b/>",
                          "<a/>x",
                          "<a b></a>",
                          "<a b=c/>",
                          "<a b='1'c='2'/>",
                          "<a>&#0;</a>",
                          "<a>&#xD800;</a>",
                          "<a>&#x110000;</a>",
                          "<a>&amp</a>",
                          "<a>&#x;</a>",
                          "<a>&#-1;</a>",
                          "<!-- <a/>",
                          "<a><![CDATA[x]]</a>",
                          "<![CDATA[x]]><a/>",
                          "< a/>",
                          "<a/ >",
                          "<a:b></a:c>"}) {
    EXPECT_THAT(ParseXml(bad), StatusIs(StatusCode::kInvalidArgument)) << bad;
  }
}

TEST(ParseXml, IsBounded) {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += "<a>";
    for (std::size_t i = 0; i < depth; ++i) text += "</a>";
    return text;
  };
  EXPECT_THAT(ParseXml(nested(kMaxXmlDepth)), IsOk());
  EXPECT_THAT(ParseXml(nested(kMaxXmlDepth + 1)),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("too deep")));
  std::string many = "<a>";
  for (std::size_t i = 0; i < kMaxXmlElements; ++i) many += "<b/>";
  EXPECT_THAT(ParseXml(many + "</a>"),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("too many")));
  EXPECT_THAT(ParseXml(std::string(kMaxXmlBytes + 1, ' ')),
              StatusIs(StatusCode::kInvalidArgument, HasSubstr("too long")));
}

}  // namespace
}  // namespace gsh::aws
