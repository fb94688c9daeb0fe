#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string_view>

/// What must hold for any bytes. Fuzzers search for bytes that disprove it. The unit tests replay what fuzzers once
/// found, and the corpus that they start from.
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

/// Strict and canonical JSON: what was read is always written the same.
void json(std::string_view bytes);
/// Redaction: what a reviewer is shown contains no hidden text.
void redaction(std::string_view bytes);
/// Policies: a policy that is understood means the same after a conversion to JSON and back.
void policy_yaml(std::string_view bytes);
void policy_json(std::string_view bytes);
/// Conditions: a condition that is understood is true, false or unknown, and unknown never loosens a policy.
void condition(std::string_view bytes);
/// Commands: a text that is accepted as a command has nothing that a shell would treat specially.
void command(std::string_view bytes);
/// Paths, URLs and mail addresses: what is accepted as one has one form and no second meaning.
void path(std::string_view bytes);
void url(std::string_view bytes);
/// Edits: what a reviewer may edit changes to a value of the same kind, nothing else changes, and hidden values stay.
void edit(std::string_view bytes);
/// Requests over the network: no two readers see different requests in them, and each accepted one gets its own answer.
void request(std::string_view bytes);
/// Paths, queries and bodies: the answer is what the API promises, and nothing is decided by accident.
void api(std::string_view bytes);
/// Rows of the database: shown whatever they contain. Editing them cannot forge an approval or an audit entry.
void rows(std::string_view bytes);
/// How many columns one of its inputs can write into.
extern const std::size_t row_columns;
/// Terminal: the text that is shown contains no commands, hides nothing, and differs from that of any other text.
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
