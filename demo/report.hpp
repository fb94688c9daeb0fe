#pragma once

#include "approvekit/audit.hpp"
#include "approvekit/json.hpp"
#include "approvekit/outcome.hpp"

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::demo {

/// Where the approvals are, where the tools act, and where a person decides.
struct Places {
    std::string database;
    std::string folder;
    std::string link;  ///< of a reviewer's page that is open already; may be empty
};

/// One step of the demo, as it is announced.
struct Announcement {
    int number = 0;
    std::string_view tool;
    std::string_view text;
};

/// Reports what the agent does: in words for a person, or as one line of JSON each for a machine.
class Report {
public:
    enum class Form { text, json };

    /// Keeps a reference to `out`.
    Report(std::ostream& out, Form form) : out_(out), form_(form) {}

    void begin(const Places& places);
    void step(const Announcement& announcement);
    void result(const Outcome<Json>& outcome);
    void audit(const std::vector<AuditEntry>& entries);

private:
    void line(const Json& object);
    void text_of(const Places& places);
    void text_of(const AuditEntry& entry);

    std::ostream& out_;
    Form form_;
};

}  // namespace approvekit::demo
