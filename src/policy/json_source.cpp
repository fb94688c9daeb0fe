#include "policy/json_source.hpp"

#include "json/strict_reader.hpp"
#include "policy/document_builder.hpp"

#include <string>
#include <utility>

namespace approvekit::policy {
namespace {

/// Passes the parts of a JSON text on. The builder reports what appears twice, so that all of it is reported.
class Parts final : public json::JsonSink {
public:
    explicit Parts(DocumentBuilder& builder) : builder_(builder) {}

    void on_scalar(Json scalar, std::size_t offset) override { builder_.scalar(std::move(scalar), offset); }
    void on_object(std::size_t offset) override { builder_.open_mapping(offset); }
    void on_array(std::size_t offset) override { builder_.open_sequence(offset); }
    void on_end() override { builder_.close(); }
    [[nodiscard]] bool on_key(std::string key, std::size_t offset) override {
        builder_.scalar(std::move(key), offset);
        return true;
    }

private:
    DocumentBuilder& builder_;
};

// The builder stops at its own depth long before the stack could matter.
void build(const Json& value, DocumentBuilder& builder) {  // NOLINT(misc-no-recursion)
    constexpr std::size_t nowhere = 0;
    if (value.is_object()) {
        builder.open_mapping(nowhere);
        for (const auto& [key, member] : value.items()) {
            builder.scalar(key, nowhere);
            build(member, builder);
        }
        builder.close();
    } else if (value.is_array()) {
        builder.open_sequence(nowhere);
        for (const Json& item : value)
            build(item, builder);
        builder.close();
    } else {
        builder.scalar(value, nowhere);
    }
}

}  // namespace

std::optional<Node> read_json_document(std::string_view text, Problems& problems) {
    DocumentBuilder builder(problems);
    Parts parts(builder);
    try {
        const JsonLimits limits{.bytes = text.size(), .depth = text.size()};  // the builder has its own
        if (const auto fault = json::read_json(text, limits, parts)) {
            problems.add(fault->position, "this is not JSON: " + fault->what);
            return std::nullopt;
        }
    } catch (const ReadingStopped&) {
        return std::nullopt;
    }
    return builder.take();
}

std::optional<Node> as_document(const Json& value, Problems& problems) {
    DocumentBuilder builder(problems);
    try {
        build(value, builder);
    } catch (const ReadingStopped&) {
        return std::nullopt;
    }
    return builder.take();
}

}  // namespace approvekit::policy
