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
    /// The beginning of a statement that adds rows and skips those that exist.
    [[nodiscard]] virtual std::string insert_or_ignore() const = 0;
    /// Statements that remove the edits from the entries of a table, or swap the recipient that they name for the other
    /// one.
    [[nodiscard]] virtual std::string edits_removed(const std::string& table) const = 0;
    [[nodiscard]] virtual std::string edits_swapped(const std::string& table) const = 0;
    /// The first is called before the agent is killed. The second is called after that, and returns when its death can
    /// be seen.
    virtual void expect_departure(::pid_t /*agent*/) {}
    virtual void wait_for_departure(::pid_t /*agent*/) {}
};

/// The recipient of an edited call, as a literal of SQL.
[[nodiscard]] std::string recipient_in(Version version);

/// A site on such a record, with the agent in a separate process that can be killed. Here an agent cannot fall silent.
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
