// What is hidden in a call's context or arguments is hidden in the other too.
#include "redaction/call_view.hpp"
#include "support/catch.hpp"

#include <string>

using namespace approvekit;

namespace {

std::string shown(const Json& arguments, const Json& context, const std::string& field) {
    const redaction::CallView view = redaction::hide(arguments, context, {field}, FingerprintKey());
    return view.arguments.value.dump() + Json(view.arguments.redactions).dump() + view.context.dump();
}

}  // namespace

TEST_CASE("G7 what is hidden of a context is hidden in texts, numbers, keys and paths of the arguments") {
    const Json context = {{"requested_by", "4917012345678"}};
    for (const Json& value :
         {Json("4917012345678"), Json(4917012345678), Json{{"4917012345678", 1}},
          Json::array({{{"to 4917012345678", true}}}), Json{{"4917012345678", {{"requested_by", 1}}}}}) {
        CAPTURE(value.dump());
        CHECK(shown({{"x", value}}, context, "requested_by").find("4917012345678") == std::string::npos);
    }
}

TEST_CASE("G7 what is hidden of the arguments is hidden in a context, whose own keys stay") {
    const std::string text = shown({{"pin", 4917012345678}, {"why", 1}},
                                   {{"why", "for 4917012345678"}, {"tags", {4917012345678, "4917012345678"}}}, "pin");
    CHECK(text.find("4917012345678") == std::string::npos);
    CHECK(text.find(R"("why":"for [REDACTED]")") != std::string::npos);
}
