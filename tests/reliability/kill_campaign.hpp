#pragma once

#include "fresh_site.hpp"
#include "record_check.hpp"
#include "scenes.hpp"
#include "shared_memory.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace approvekit::testing {

/// How often each thing was seen.
class KillTally {
public:
    /// Counts how a call ended, or what else is on record, after a death in that phase.
    void add(Phase phase, const std::string& subject, const std::string& end, bool took_effect);
    void add(Phase phase, long system_call);
    void print() const;

private:
    std::map<std::tuple<Phase, std::string, std::string, bool>, int> ends_;
    std::map<Phase, int> kills_;
    std::map<std::string, int> calls_;
};

/// One kind of process that is killed again and again, at each of its system calls in turn.
class KillCampaign {
public:
    explicit KillCampaign(std::filesystem::path directory) : directory_(std::move(directory) / "kill-points") {}

    [[nodiscard]] bool is_clean() const noexcept { return is_clean_; }
    void print() const { tally_.print(); }

protected:
    /// Runs `body` and kills it at its n-th system call after it has begun to open the record of `site`. `others` says
    /// whether another process has the record open. Returns that system call, or nothing if it finished before.
    std::optional<long> kill(const Site& site, Agents others, int nth, const std::function<void()>& body);
    void complain(const std::string& what);
    /// Reports what the record says when nobody is at work any more, and complains about what is wrong with it.
    RecordReport end_of(const Site& site);

    [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }
    [[nodiscard]] KillTally& tally() noexcept { return tally_; }
    /// Where the process that is killed says what it is doing.
    [[nodiscard]] PhaseBoard& phase() const noexcept { return *phase_; }

private:
    std::filesystem::path directory_;
    SharedMemory<PhaseBoard> phase_;
    KillTally tally_;
    bool is_clean_ = true;
};

}  // namespace approvekit::testing
