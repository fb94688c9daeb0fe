#include "kill_campaign.hpp"

#include "traced_child.hpp"

#include <iostream>

#include <sys/syscall.h>

namespace approvekit::testing {
namespace {

std::string name_of(long system_call) {
    static const std::map<long, std::string> names{
        {SYS_openat, "openat"},       {SYS_close, "close"},       {SYS_read, "read"},     {SYS_pread64, "pread64"},
        {SYS_write, "write"},         {SYS_pwrite64, "pwrite64"}, {SYS_fsync, "fsync"},   {SYS_fdatasync, "fdatasync"},
        {SYS_ftruncate, "ftruncate"}, {SYS_unlinkat, "unlink"},   {SYS_fcntl, "fcntl"},   {SYS_newfstatat, "stat"},
        {SYS_connect, "connect"},     {SYS_sendto, "send"},       {SYS_recvfrom, "recv"}, {SYS_ppoll, "poll"},
#ifdef SYS_poll
        {SYS_poll, "poll"},
#endif
#ifdef SYS_unlink
        {SYS_unlink, "unlink"},
#endif
    };
    const auto at = names.find(system_call);
    return at == names.end() ? "others" : at->second;
}

}  // namespace

void KillTally::add(Phase phase, const std::string& subject, const std::string& end, bool took_effect) {
    ++ends_[{phase, subject, end, took_effect}];
}

void KillTally::add(Phase phase, long system_call) {
    ++kills_[phase];
    ++calls_[name_of(system_call)];
}

void KillTally::print() const {
    int kills = 0;
    for (const auto& [phase, number] : kills_)
        kills += number;
    std::cout << "| died at | kills | call | the record says | had taken effect | times |\n|---|---|---|---|---|---|\n";
    for (const auto& [key, number] : ends_) {
        const auto& [phase, call, end, took_effect] = key;
        std::cout << "| " << to_string(phase) << " | " << kills_.at(phase) << " | " << call << " | " << end << " | "
                  << (took_effect ? "yes" : "no") << " | " << number << " |\n";
    }
    std::cout << kills << " kills, at";
    for (const auto& [call, number] : calls_)
        std::cout << ' ' << call << ' ' << number;
    std::cout << '\n';
}

std::optional<long> KillCampaign::kill(const Site& site, Agents others, int nth, const std::function<void()>& body) {
    *phase_ = Phase::starting;
    std::optional<long> killed_at;
    {
        TracedChild child(body);
        killed_at = child.kill_at(nth, [&] { return *phase_ != Phase::starting; });
    }
    site.record->wait_out_the_killed(others);
    return killed_at;
}

void KillCampaign::complain(const std::string& what) {
    is_clean_ = false;
    std::cerr << "killed at '" << to_string(*phase_) << "': " << what << '\n';
}

RecordReport KillCampaign::end_of(const Site& site) {
    RecordReport report = check_record(site, Agents::all_gone);
    if (!report.faults.empty()) complain(report.text());
    return report;
}

}  // namespace approvekit::testing
