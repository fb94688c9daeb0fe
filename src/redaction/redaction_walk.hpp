#pragma once

#include "approvekit/redaction.hpp"
#include "json/path.hpp"
#include "redaction/field_names.hpp"
#include "redaction/secret_texts.hpp"

#include <string>
#include <vector>

namespace approvekit::redaction {

/// Walks through a call's arguments once, hides the members that the field names select, and records what was hidden.
class RedactionWalk {
public:
    /// What to do with arguments that cannot be shown.
    enum class Faults {
        refused,
        passed_over,  ///< used to learn the secrets of arguments that are refused anyway
    };

    /// Borrows both.
    RedactionWalk(const FieldNames& fields, const FingerprintKey& key, Faults faults = Faults::refused)
        : fields_(fields), key_(key), faults_(faults) {}

    /// Throws ArgumentsRefusedError; see redact().
    void walk(Json& arguments) { visit(arguments, fields_.paths()); }

    std::vector<Redaction> redactions;
    SecretTexts secrets;

private:
    using Paths = FieldNames::Paths;

    void visit(Json& value, const Paths& paths);
    void visit_object(Json::object_t& object, const Paths& paths);
    void visit_array(Json::array_t& array, const Paths& paths);
    void visit_string(Json& value, const Paths& paths);
    void visit_nested(Json& value, const Paths& paths);
    void hide(Json& value);

    void describe(const Json& hidden);

    [[nodiscard]] bool is_too_deep() const;
    void check_utf8(const std::string& text) const;
    void refuse(const std::string& what) const;

    const FieldNames& fields_;
    const FingerprintKey& key_;
    Faults faults_;
    json::JsonPath path_;
};

}  // namespace approvekit::redaction
