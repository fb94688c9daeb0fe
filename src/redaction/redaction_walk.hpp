#pragma once

#include "approvekit/redaction.hpp"
#include "json/path.hpp"
#include "redaction/field_names.hpp"

#include <string>
#include <vector>

namespace approvekit {

/// Walks once through a call's arguments, hides what the field names say and notes what it was.
class RedactionWalk {
public:
    /// Borrows both.
    RedactionWalk(const FieldNames& fields, const FingerprintKey& key) : fields_(fields), key_(key) {}

    /// Throws ArgumentsRefusedError; see redact().
    void walk(Json& arguments) { visit(arguments, fields_.paths()); }

    std::vector<Redaction> redactions;
    std::vector<std::string> secrets;  ///< the hidden texts

private:
    using Paths = FieldNames::Paths;

    void visit(Json& value, const Paths& paths);
    void visit_object(Json::object_t& object, const Paths& paths);
    void visit_array(Json::array_t& array, const Paths& paths);
    void visit_string(Json& value, const Paths& paths);
    void visit_nested(Json& value, const Paths& paths);
    void hide(Json& value);

    void enter();
    void check_utf8(const std::string& text) const;
    [[noreturn]] void refuse(const std::string& what) const;

    const FieldNames& fields_;
    const FingerprintKey& key_;
    JsonPath path_;
};

}  // namespace approvekit
