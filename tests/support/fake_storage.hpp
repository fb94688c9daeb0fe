#pragma once

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/storage.hpp"
#include "record/shown_view.hpp"
#include "support/manual_clock.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace approvekit::testing {

/// Storage in memory for tests of what stands upon it. Keeps the contract as far as one process can see it;
/// listeners are told on the thread that made the change. Thread-safe.
class FakeStorage final : public Storage {
public:
    explicit FakeStorage(std::shared_ptr<const Clock> clock = std::make_shared<ManualClock>())
        : clock_(std::move(clock)) {}

    /// A pending request with the deadline a minute away, submitted and ready to be decided.
    ApprovalRequest add(std::string tool_name, Json tool_args = Json::object(), std::string id = random_uuid()) {
        ApprovalRequest request;
        request.id = std::move(id);
        request.tool_name = std::move(tool_name);
        request.tool_args = std::move(tool_args);
        request.created_at = clock_->now() + std::chrono::microseconds(++added_);
        request.deadline = request.created_at + std::chrono::minutes(1);
        request.metadata = {{"risk_level", "high"}, {"timeout", 60}};
        request.agent = "agent";
        request.nonce = random_hex(8);
        request.ours = true;
        request.view_digest = view_digest(request);
        submit(request);
        return request;
    }

    /// From now on every call fails with `code`; nothing: works again.
    void fail_with(std::optional<ErrorCode> code) {
        const std::lock_guard lock(mutex_);
        failure_ = code;
    }

    /// How many calls failed so.
    [[nodiscard]] int failures() const noexcept { return failures_; }

    /// As if somebody had edited the request's arguments behind the library's back.
    void alter(const std::string& id) {
        const std::lock_guard lock(mutex_);
        ApprovalRequest& request = requests_.at(id);
        request.tool_args["edited"] = true;
        request.view_digest = view_digest(request);
    }

    /// As if the agent that asks had died.
    void lose_agent(const std::string& id) {
        const std::lock_guard lock(mutex_);
        orphans_.insert(id);
    }

    void submit(const ApprovalRequest& request) override {
        change([&] { requests_[request.id] = request; }, {request.id, ApprovalStatus::pending});
    }

    [[nodiscard]] std::string record_intent(const Intent& intent) override {
        const std::lock_guard lock(mutex_);
        check();
        AuditEntry entry;
        entry.request_id = auto_request_id;
        entry.tool_name = intent.tool_name;
        entry.tool_args = Json::parse(intent.tool_args);
        entry.metadata = Json::parse(intent.metadata);
        entry.reviewer_notes = std::string(intent.notes);
        return append(std::move(entry), AuditEvent::approved, "policy", "policy");
    }

    void record_denial(const Intent& denied) override {
        const std::lock_guard lock(mutex_);
        check();
        AuditEntry entry;
        entry.request_id = auto_request_id;
        entry.tool_name = denied.tool_name;
        append(std::move(entry), AuditEvent::denied, "policy", "policy");
    }

    [[nodiscard]] std::string claim(const Claim& claim) override {
        const std::lock_guard lock(mutex_);
        check();
        ApprovalRequest& request = at(claim.request_id);
        if (request.status != ApprovalStatus::approved || request.run != RunState::none) {
            throw DecisionError(ErrorCode::already_decided, "the request is not approved, or was claimed before");
        }
        if (request.view_digest != claim.view_digest) throw RequestAlteredError(request.tool_name, request.id);
        request.run = RunState::running;
        return about(request, AuditEvent::approved);
    }

    void finish(RunOutcome outcome) override {
        const std::lock_guard lock(mutex_);
        check();
        if (const auto found = requests_.find(outcome.request_id); found != requests_.end()) {
            found->second.run = outcome.state;
            found->second.run_note = outcome.note;
        }
    }

    ApprovalRequest end(std::string_view request_id, ApprovalStatus status, std::string_view reason) override {
        const ApprovalRequest before = *find(request_id);
        if (before.status != ApprovalStatus::pending) return before;
        change([&] { close(at(before.id), status, reason, "agent"); }, {before.id, status});
        return *find(request_id);
    }

    void flush() override {}

    ApprovalRequest decide(const Decision& decision) override {
        sweep();
        const auto status = decision.verdict == Verdict::approve ? ApprovalStatus::approved : ApprovalStatus::rejected;
        change([&] { take(decision, status); }, {decision.request_id, status});
        return *find(decision.request_id);
    }

    [[nodiscard]] std::optional<ApprovalRequest> find(std::string_view request_id) override {
        const std::lock_guard lock(mutex_);
        check();
        const auto found = requests_.find(request_id);
        if (found == requests_.end()) return std::nullopt;
        return found->second;
    }

    [[nodiscard]] std::vector<std::string> find_ids(std::string_view prefix, std::size_t limit) override {
        const std::lock_guard lock(mutex_);
        check();
        std::vector<std::string> ids;
        for (const auto& [id, request] : requests_) {
            if (ids.size() < limit && starts_with(id, prefix)) ids.push_back(id);
        }
        return ids;
    }

    [[nodiscard]] std::optional<Decision> find_decision(std::string_view request_id) override {
        const std::lock_guard lock(mutex_);
        check();
        const auto found = decisions_.find(request_id);
        if (found == decisions_.end()) return std::nullopt;
        return found->second;
    }

    [[nodiscard]] RequestPage list(const RequestQuery& query) override {
        const std::lock_guard lock(mutex_);
        check();
        std::vector<ApprovalRequest> all;
        for (const auto& [id, request] : requests_) {
            if (!query.status || request.status == *query.status) all.push_back(request);
        }
        const bool oldest_first = query.status == ApprovalStatus::pending;
        std::sort(all.begin(), all.end(), [&](const ApprovalRequest& left, const ApprovalRequest& right) {
            return oldest_first ? left.created_at < right.created_at : right.created_at < left.created_at;
        });
        RequestPage result;
        result.next = page(all, query.limit, query.cursor, result.requests);
        return result;
    }

    [[nodiscard]] AuditPage audit(const AuditQuery& query) override {
        const std::lock_guard lock(mutex_);
        check();
        std::vector<AuditEntry> all;
        for (const AuditEntry& entry : audit_) {
            if (query.request_id.empty() || entry.request_id == query.request_id) all.push_back(entry);
        }
        if (!query.oldest_first) std::reverse(all.begin(), all.end());
        AuditPage result;
        result.next = page(all, query.limit, query.cursor, result.entries);
        return result;
    }

    std::size_t sweep() override {
        std::vector<Change> ended;
        {
            const std::lock_guard lock(mutex_);
            check();
            for (auto& [id, request] : requests_) {
                if (request.status != ApprovalStatus::pending || !is_over(request)) continue;
                close(request, ApprovalStatus::timeout, orphans_.contains(id) ? "the agent is gone" : "", "sweep");
                ended.push_back({id, ApprovalStatus::timeout});
            }
        }
        for (const Change& change : ended)
            listeners_->tell(change);
        return ended.size();
    }

    [[nodiscard]] AuditReport verify_audit(const std::function<void(std::int64_t)>& progress,
                                           std::int64_t /*mark*/) override {
        const std::lock_guard lock(mutex_);
        check();
        AuditReport report;
        report.entries = static_cast<std::int64_t>(audit_.size());
        if (progress) progress(report.entries);
        return report;
    }

    [[nodiscard]] std::unique_ptr<Subscription> subscribe(std::shared_ptr<ChangeListener> listener) override {
        return std::make_unique<Registration>(listeners_, std::move(listener));
    }

private:
    /// Calls the listeners under its lock, so that none is called after its subscription went.
    class Listeners {
    public:
        void add(std::shared_ptr<ChangeListener> listener) {
            const std::lock_guard lock(mutex_);
            all_.insert(std::move(listener));
        }
        void remove(const std::shared_ptr<ChangeListener>& listener) {
            const std::lock_guard lock(mutex_);
            all_.erase(listener);
        }
        void tell(const Change& change) {
            const std::lock_guard lock(mutex_);
            for (const auto& listener : all_)
                listener->on_change(change);
        }

    private:
        std::mutex mutex_;
        std::set<std::shared_ptr<ChangeListener>> all_;
    };

    class Registration final : public Subscription {
    public:
        Registration(std::shared_ptr<Listeners> listeners, std::shared_ptr<ChangeListener> listener)
            : listeners_(std::move(listeners)), listener_(std::move(listener)) {
            listeners_->add(listener_);
        }
        ~Registration() override { listeners_->remove(listener_); }

    private:
        std::shared_ptr<Listeners> listeners_;
        std::shared_ptr<ChangeListener> listener_;
    };

    static bool starts_with(std::string_view text, std::string_view prefix) {
        const auto same = [](char left, char right) {
            return std::tolower(static_cast<unsigned char>(left)) == std::tolower(static_cast<unsigned char>(right));
        };
        return prefix.size() <= text.size() && std::equal(prefix.begin(), prefix.end(), text.begin(), same);
    }

    /// Moves one page of `all` to `result`; a cursor is the place in the list, with a mark that URLs must encode.
    template <typename Value>
    static std::string page(std::vector<Value>& all, std::size_t limit, const std::string& cursor,
                            std::vector<Value>& result) {
        std::size_t start = 0;
        if (!cursor.empty() && std::sscanf(cursor.c_str(), "at+%zu", &start) != 1) {
            throw Error(ErrorCode::invalid_option, "the cursor is not one of ours");
        }
        const std::size_t end = std::min(all.size(), start + limit);
        for (std::size_t i = std::min(start, end); i < end; ++i)
            result.push_back(std::move(all[i]));
        return end < all.size() ? "at+" + std::to_string(end) : "";
    }

    void check() const {
        if (!failure_) return;
        ++failures_;
        throw StorageError(*failure_, "the record cannot be reached");
    }

    template <typename Act>
    void change(Act act, const Change& change) {
        {
            const std::lock_guard lock(mutex_);
            check();
            act();
        }
        listeners_->tell(change);
    }

    ApprovalRequest& at(std::string_view id) {
        const auto found = requests_.find(id);
        if (found == requests_.end()) throw DecisionError(ErrorCode::not_found, "no request has that id");
        return found->second;
    }

    [[nodiscard]] bool is_over(const ApprovalRequest& request) const {
        return orphans_.contains(request.id) || (request.deadline && *request.deadline <= clock_->now());
    }

    void take(const Decision& decision, ApprovalStatus status) {
        ApprovalRequest& request = at(decision.request_id);
        if (request.status == ApprovalStatus::timeout) {
            throw DecisionError(ErrorCode::expired, "the request has expired");
        }
        if (request.status != ApprovalStatus::pending) {
            if (request.status == status && is_same_decision(decisions_[request.id], decision)) return;
            throw DecisionError(
                ErrorCode::already_decided,
                "the request is already " + std::string(to_string(request.status)) + " by " + request.reviewer);
        }
        if (!decision.view_digest.empty() && !shows(request, decision.view_digest)) {
            throw DecisionError(ErrorCode::altered, "the request is not the one that was shown");
        }
        decisions_[request.id] = decision;
        request.reviewer = decision.reviewer;
        close(request, status, decision.notes, decision.way);
    }

    void close(ApprovalRequest& request, ApprovalStatus status, std::string_view notes, std::string_view way) {
        request.status = status;
        request.reviewed_at = clock_->now();
        if (!notes.empty()) request.reviewer_notes = std::string(notes);
        request.way = way;
        about(request, *parse_audit_event(to_string(status)));
    }

    std::string about(const ApprovalRequest& request, AuditEvent event) {
        AuditEntry entry;
        entry.request_id = request.id;
        entry.tool_name = request.tool_name;
        entry.tool_args = request.tool_args;
        entry.reviewer_notes = request.reviewer_notes;
        entry.metadata = request.metadata;
        return append(std::move(entry), event, request.reviewer, request.way);
    }

    std::string append(AuditEntry entry, AuditEvent event, std::string reviewer, std::string way) {
        entry.id = random_uuid();
        entry.decision = event;
        entry.timestamp = clock_->now();
        entry.reviewer = std::move(reviewer);
        entry.way = std::move(way);
        entry.sequence = static_cast<std::int64_t>(audit_.size()) + 1;
        entry.hash = "hash";
        audit_.push_back(std::move(entry));
        return audit_.back().id;
    }

    std::shared_ptr<const Clock> clock_;
    std::mutex mutex_;
    std::map<std::string, ApprovalRequest, std::less<>> requests_;
    std::map<std::string, Decision, std::less<>> decisions_;
    std::set<std::string, std::less<>> orphans_;
    std::vector<AuditEntry> audit_;
    std::shared_ptr<Listeners> listeners_ = std::make_shared<Listeners>();
    std::optional<ErrorCode> failure_;
    mutable std::atomic<int> failures_ = 0;
    std::atomic<int> added_ = 0;
};

}  // namespace approvekit::testing
