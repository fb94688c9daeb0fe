#include "record/explorer/process_site.hpp"

#include "support/forked_child.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace approvekit::explorer {

namespace {

/// The messages to the agent and back: a step, and how it ended (below 0: well, and with which version).
using Word = int;

void send(int socket, Word word) {
    if (::write(socket, &word, sizeof word) != sizeof word) throw std::runtime_error("the agent is not there");
}

Word receive(int socket) {
    Word word = 0;
    if (::read(socket, &word, sizeof word) != sizeof word) throw std::runtime_error("the agent does not answer");
    return word;
}

std::array<int, 2> connected() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) throw std::runtime_error("no socket");
    return ends;
}

}  // namespace

std::string recipient_in(Version version) {
    return "'" + edits_for(version).at(edited_path).get<std::string>() + "'";
}

struct ProcessSite::Implementation {
    Implementation(std::unique_ptr<Ground> record, Setting kind) : ground(std::move(record)), setting(kind) {}

    [[noreturn]] void be_agent(const ForkedChild::Report& report) {
        auto storage = ground->open(clock);
        StartedCall call;
        report();
        for (;;) {
            const Step step = static_cast<Step>(receive(ends[1]));
            Outcome outcome;
            if (step == Step::close) storage.reset();
            move_clock(step, *clock);
            if (is_of_agent(step) && storage) outcome = take_as_agent(step, *storage, request, call);
            send(ends[1], outcome ? static_cast<Word>(*outcome) : -1 - static_cast<Word>(call.taken));
        }
    }

    Outcome ask_agent(Step step) {
        send(ends[0], static_cast<Word>(step));
        const Word word = receive(ends[0]);
        if (word < 0) taken = static_cast<Version>(-1 - word);
        return word < 0 ? Outcome() : Outcome(static_cast<ErrorCode>(word));
    }

    void take_as_another_program(Step step) {
        const std::string of_request = " WHERE id = '" + request.id + "'";
        if (step == Step::row_is_removed) {
            ground->run("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT * FROM approval_requests" + of_request +
                        "; DELETE FROM approval_requests" + of_request);
        } else if (step == Step::row_comes_back) {
            ground->run("INSERT INTO approval_requests SELECT * FROM kept; DROP TABLE kept");
        } else if (changes_row(step)) {
            memory::RequestRow row;
            write_row(step, row);
            const std::string change = row.status.empty() ? "tool_args = '" + row.tool_args : "status = '" + row.status;
            ground->run("UPDATE approval_requests SET " + change + "'" + of_request);
        } else if (forges_edits(step)) {
            // The entries about votes are not in Python's audit table, while those about decisions must be; so both
            // tables are changed.
            for (const char* const table : {"audit_log", "approvekit_audit"})
                ground->run(step == Step::edits_are_removed ? ground->edits_removed(table)
                                                            : ground->edits_swapped(table));
        } else if (is_by_another_program(step)) {
            ground->run(forgery_in(step));
        }
    }

    /// There is only one request and one stop.
    [[nodiscard]] std::string forgery_in(Step step) const {
        const std::string columns = "request_id, verdict, reviewer, way, notes, voted_at, view_digest, entry_id, shown";
        const std::string insert = ground->insert_or_ignore() + " INTO approvekit_votes(" + columns + ") SELECT ";
        switch (step) {
            case Step::vote_is_planted:
                return insert + "request_id, 'approve', 'bob', 'terminal', '', '" + to_text(clock->now()) +
                       "', view_digest, '', 'whole' FROM approvekit_requests";
            case Step::vote_is_copied:
                return insert + columns + " FROM approvekit_votes ORDER BY number DESC LIMIT 1";
            case Step::votes_are_removed:
                return "DELETE FROM approvekit_votes";
            case Step::stop_is_removed:
                return "DELETE FROM approvekit_stops";
            case Step::stop_says_lifted:
                return "UPDATE approvekit_stops SET ended_at = since, ended_by = 'eve', ended_way = 'web'";
            default:
                return "UPDATE approvekit_stops SET tool = 'nothing'";
        }
    }

    std::unique_ptr<Ground> ground;
    Setting setting;
    std::shared_ptr<testing::SettableClock> clock = std::make_shared<testing::SettableClock>();
    std::array<int, 2> ends = connected();
    ApprovalRequest request = request_at(*clock, setting);
    std::string spent;
    Version taken = Version::asked;
    ForkedChild agent{[this](const ForkedChild::Report& report) { be_agent(report); }};
    std::unique_ptr<Storage> ana = ground->open(clock);
    std::unique_ptr<Storage> bob = ground->open(clock);
};

ProcessSite::ProcessSite(std::unique_ptr<Ground> ground, Setting setting)
    : implementation_(std::make_unique<Implementation>(std::move(ground), setting)) {}

ProcessSite::~ProcessSite() {
    for (const int end : implementation_->ends)
        ::close(end);
}

Outcome ProcessSite::take(Step step) {
    Implementation& it = *implementation_;
    if (is_of_agent(step)) return it.ask_agent(step);
    if (is_of_spender(step)) return take_as_spender(step, *it.bob, it.spent);
    if (step <= Step::sweep) return take_as_other(step, is_by_ana(step) ? *it.ana : *it.bob, it.request);
    if (step == Step::agent_dies) {
        const ::pid_t process = it.agent.pid();
        it.ground->expect_departure(process);
        it.agent.kill();
        it.agent.wait();
        it.ground->wait_for_departure(process);
    }
    if (moves_clock(step)) {
        move_clock(step, *it.clock);
        if (it.agent.pid() > 0) static_cast<void>(it.ask_agent(step));
    }
    it.take_as_another_program(step);
    return std::nullopt;
}

Seen ProcessSite::look() {
    Seen seen = look_through(*implementation_->bob, implementation_->request);
    seen.taken = implementation_->taken;
    return seen;
}

}  // namespace approvekit::explorer
