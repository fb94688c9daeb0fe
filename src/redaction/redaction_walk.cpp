#include "redaction/redaction_walk.hpp"

#include "approvekit/error.hpp"
#include "json/strict_reader.hpp"
#include "redaction/decoded_text.hpp"
#include "text/utf8.hpp"

namespace approvekit::redaction {
namespace {

/// The classes are so coarse that they say little about the value.
std::string length_class(std::size_t characters) {
    if (characters == 0) return "empty";
    if (characters <= 8) return "1-8";
    if (characters <= 32) return "9-32";
    if (characters <= 256) return "33-256";
    return "257+";
}

std::string length_class(const Json& value, const std::string& canonical) {
    if (value.is_null() || (value.is_structured() && value.empty())) return length_class(0);
    const bool is_string = value.is_string();
    return length_class(text::count_characters(is_string ? value.get_ref<const std::string&>() : canonical));
}

std::string canonical_text(const Json& hidden) {
    try {
        return canonical_json(hidden, json::any_size);
    } catch (const ArgumentsRefusedError&) {
        // Do not name the place within a hidden value: that would reveal keys that are hidden with it.
        throw ArgumentsRefusedError(
            "the arguments cannot be shown to a reviewer: a hidden value with a text that is not UTF-8, a number that "
            "is "
            "not finite, or too many levels");
    }
}

/// Whether a text that is not valid JSON may still set a hidden field, escaped or not.
bool may_set_field(const FieldNames& fields, const std::string& text) {
    const auto decoded = DecodedText::decode(text, Encoding::escapes);
    return fields.seem_set_in(text) || (decoded && fields.seem_set_in(decoded->text()));
}

}  // namespace

void RedactionWalk::visit(Json& value, const Paths& paths) {
    if (value.is_string()) {
        visit_string(value, paths);
    } else if (value.is_array()) {
        visit_array(value.get_ref<Json::array_t&>(), paths);
    } else if (value.is_object()) {
        visit_object(value.get_ref<Json::object_t&>(), paths);
    }
}

void RedactionWalk::visit_object(Json::object_t& object, const Paths& paths) {
    if (is_too_deep()) return;
    path_.enter();
    for (auto& [key, value] : object) {
        check_utf8(key);
        path_.at(key);
        if (fields_.hide(key, paths)) {
            hide(value);
        } else {
            visit(value, FieldNames::below(key, paths));
        }
    }
    path_.leave();
}

void RedactionWalk::visit_array(Json::array_t& array, const Paths& paths) {
    if (is_too_deep()) return;
    path_.enter();
    for (std::size_t index = 0; index < array.size(); ++index) {
        path_.at(index);
        visit(array[index], paths);
    }
    path_.leave();
}

void RedactionWalk::visit_string(Json& value, const Paths& paths) {
    const auto& text = value.get_ref<const std::string&>();
    check_utf8(text);
    if (!fields_.empty() && looks_like_json(text)) visit_nested(value, paths);
}

void RedactionWalk::visit_nested(Json& value, const Paths& paths) {
    const auto& text = value.get_ref<const std::string&>();
    if (auto nested = parse_nested_json(text, path_.depth())) {
        const std::size_t before = redactions.size();
        visit(*nested, paths);
        if (redactions.size() > before) value = canonical_json(*nested, json::any_size);
    } else if (may_set_field(fields_, text)) {
        hide(value);
    }
}

void RedactionWalk::hide(Json& value) {
    if (faults_ == Faults::refused) describe(value);
    collect_secret_texts(value, secrets);
    value = redacted_text;
}

void RedactionWalk::describe(const Json& hidden) {
    const std::string canonical = canonical_text(hidden);
    redactions.push_back({.path = path_.short_text(),
                          .type = hidden.type_name(),
                          .length = length_class(hidden, canonical),
                          .fingerprint = key_.fingerprint(canonical)});
}

bool RedactionWalk::is_too_deep() const {
    if (path_.depth() < json::deepest_json) return false;
    refuse("nested deeper than " + std::to_string(json::deepest_json) + " levels");
    return true;
}

void RedactionWalk::check_utf8(const std::string& text) const {
    if (!text::is_utf8(text)) refuse("a text that is not UTF-8");
}

void RedactionWalk::refuse(const std::string& what) const {
    if (faults_ == Faults::passed_over) return;
    throw ArgumentsRefusedError("the arguments cannot be shown to a reviewer: " + what);
}

}  // namespace approvekit::redaction
