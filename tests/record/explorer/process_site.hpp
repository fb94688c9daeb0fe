#pragma once

#include "record/explorer/site.hpp"

#include <memory>
#include <string>

#include <sys/types.h>

namespace approvekit::explorer {

/// An empty record that processes share, and what other programs do there.
class Ground {
public:
    virtual ~Ground() = default;

    [[nodiscard]] virtual std::unique_ptr<Storage> open(std::shared_ptr<const Clock> clock) = 0;
    /// Runs statements as another program.
    virtual void run(const std::string& statements) = 0;
    /// How a statement begins that adds rows, and leaves out those that are there.
    [[nodiscard]] virtual std::string insert_or_ignore() const = 0;
    /// Statements that take the edits out of the entries of a table, or swap the recipient that they name for the other.
    [[nodiscard]] virtual std::string edits_removed(const std::string& table) const = 0;
    [[nodiscard]] virtual std::string edits_swapped(const std::string& table) const = 0;
    /// Called before the agent is killed, and behind that, when it returns once its death can be seen.
    virtual void expect_departure(::pid_t /*agent*/) {}
    virtual void wait_for_departure(::pid_t /*agent*/) {}
};

/// The recipient of an edited call, as a literal of SQL.
[[nodiscard]] std::string recipient_in(Version version);

/// In such a record, with the agent in a process of its own, which can be killed. An agent does not fall silent here.
class ProcessSite : public Site {
public:
    ProcessSite(std::unique_ptr<Ground> ground, Setting setting);
    ~ProcessSite() override;

    Outcome take(Step step) override;
    [[nodiscard]] Seen look() override;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

/// In a file.
class SqliteSite final : public ProcessSite {
public:
    explicit SqliteSite(Setting setting = Setting::alone);
};

/// In a PostgreSQL database.
class PostgresSite final : public ProcessSite {
public:
    explicit PostgresSite(Setting setting = Setting::alone);
};

}  // namespace approvekit::explorer
