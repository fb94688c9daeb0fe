#pragma once

#include "approvekit/json.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::json {

/// A place in a text as editors count it, both from 1. Columns are characters, not bytes.
struct TextPosition {
    int line = 1;
    int column = 1;

    friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

/// Turns growing byte offsets into positions, in one pass over the text for all of them.
///
/// Borrows the text.
class TextCursor {
public:
    explicit TextCursor(std::string_view text) : text_(text) {}

    /// `offset` must not be smaller than in the call before; one beyond the text means its end.
    [[nodiscard]] TextPosition at(std::size_t offset);

private:
    std::string_view text_;
    std::size_t offset_ = 0;
    TextPosition position_;
};

/// Where recursion into a JSON value ends whatever its caller allows: the stack is safe up to here.
inline constexpr std::size_t deepest_json = 1000;

/// For what is read back: whatever was once accepted.
inline constexpr JsonLimits any_size{.bytes = std::numeric_limits<std::size_t>::max(), .depth = deepest_json};

/// Receives the parts of a JSON text in their order, each with the byte offset at which it starts.
class JsonSink {
public:
    JsonSink() = default;
    JsonSink(const JsonSink&) = delete;
    JsonSink& operator=(const JsonSink&) = delete;
    virtual ~JsonSink() = default;

    /// null, a boolean, a number or a string.
    virtual void on_scalar(Json scalar, std::size_t offset) = 0;
    virtual void on_object(std::size_t offset) = 0;
    virtual void on_array(std::size_t offset) = 0;
    /// The innermost object or array is complete.
    virtual void on_end() = 0;

    /// Returns false when the key may not appear twice in one object and does.
    [[nodiscard]] virtual bool on_key(std::string key, std::size_t offset) = 0;
};

/// Why a text was refused and where. Never quotes the text, which may hold secrets.
struct JsonFault {
    TextPosition position;
    std::string what;
};

/// Feeds `sink` with the one JSON value that `text` must be, as strictly as parse_json says; returns the first fault.
///
/// The stack does not grow with the depth of the text. After a fault the sink holds what came before it.
[[nodiscard]] std::optional<JsonFault> read_json(std::string_view text, const JsonLimits& limits, JsonSink& sink);

/// Builds the value that a JSON text stands for. A key that appears twice in one object is refused.
class JsonValueBuilder final : public JsonSink {
public:
    void on_scalar(Json scalar, std::size_t offset) override;
    void on_object(std::size_t offset) override;
    void on_array(std::size_t offset) override;
    void on_end() override;
    [[nodiscard]] bool on_key(std::string key, std::size_t offset) override;

    /// Moves the value out, once it is complete.
    [[nodiscard]] Json take() { return std::move(root_); }

private:
    Json& place(Json value);

    Json root_;
    std::vector<Json*> open_;  // the containers that are not complete, outermost first
    Json* member_ = nullptr;   // where the value of the last key goes
};

}  // namespace approvekit::json
