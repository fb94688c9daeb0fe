#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string_view>

/// What must hold for whatever bytes come. Fuzzers look for bytes that show otherwise; the unit tests replay what
/// they once found, and the corpus they start from.
namespace approvekit::fuzz {

/// An input for which a property does not hold.
class Violation : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

inline void require(bool holds, const char* property) {
    if (!holds) throw Violation(property);
}

// Each throws for bytes that break its promise, and for no others.

/// Strict and canonical JSON: what is read is written the same, however often.
void json(std::string_view bytes);
/// Redaction: no hidden text is left in what a reviewer is shown.
void redaction(std::string_view bytes);
/// Policies: what is understood says the same after a way through JSON.
void policy_yaml(std::string_view bytes);
void policy_json(std::string_view bytes);
/// Conditions: what is understood is true, false or unknown, and unknown never loosens.
void condition(std::string_view bytes);
/// Commands: what is taken for one has nothing that a shell would make more of.
void command(std::string_view bytes);
/// Paths and URLs, with addresses of mail: what is taken for one has one form and no second meaning.
void path(std::string_view bytes);
void url(std::string_view bytes);
/// Edits: what a reviewer may edit is changed to the same kind and nothing else, hidden values stay where they are.
void edit(std::string_view bytes);
/// Requests on the wire: no two readers see different requests in them, and each that is let in gets its own answer.
void request(std::string_view bytes);
/// Paths, queries and bodies: answered with what the API promises, and nothing is decided by accident.
void api(std::string_view bytes);
/// Rows of the database: shown whatever they hold; no approval and no audit entry can be forged by editing them.
void rows(std::string_view bytes);
/// How many columns an input of it can write into.
extern const std::size_t row_columns;
/// Terminal: the text that is shown commands nothing, hides nothing, and can be told from every other.
void terminal(std::string_view bytes);

struct Property {
    const char* name;
    void (*check)(std::string_view);
};

inline constexpr std::array properties = {
    Property{"json", json},
    Property{"redaction", redaction},
    Property{"policy_yaml", policy_yaml},
    Property{"policy_json", policy_json},
    Property{"condition", condition},
    Property{"command", command},
    Property{"path", path},
    Property{"url", url},
    Property{"edit", edit},
    Property{"request", request},
    Property{"api", api},
    Property{"rows", rows},
    Property{"terminal", terminal},
};

}  // namespace approvekit::fuzz
