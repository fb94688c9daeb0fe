#include "approvekit/reviewer.hpp"
#include "sample_call.hpp"
#include "setting.hpp"
#include "support/temporary_directory.hpp"

namespace approvekit::bench {
namespace {

Call sample_context() {
    return {.requested_by = "bob@example.com",
            .why = "Bob asked for this week's figures as soon as they are in",
            .conversation = "run-2026-01-02-0042",
            .environment = "production",
            .tags = {"mail", "weekly"}};
}

/// An agent with one tool and, if calls are held, a reviewer in the same process.
class Mails {
public:
    enum class Told { plain, with_context_and_order };

    Mails(const std::filesystem::path& database, Policy policy, Durability durability)
        : agent_(database, std::move(policy), durability), reviewer_(agent_.storage, "ana", "library") {}

    void send(Told told) {
        if (told == Told::plain) return finish(plain_.submit(body(), subject(), to()));
        finish(ordered_.with(sample_context()).submit(to(), subject(), body()));
    }

private:
    static void work(const std::string&, const std::string&, const std::string&) {}
    static std::string to() { return sample_arguments().at("to"); }
    static std::string subject() { return sample_arguments().at("subject"); }
    static std::string body() { return sample_arguments().at("body"); }

    void finish(Ticket<void> ticket) {
        if (!ticket.ready()) reviewer_.approve(ticket.request_id());
        ticket.get();
    }

    SampleAgent agent_;
    Reviewer reviewer_;
    decltype(std::declval<ApproveKit>().guard(tool_name, {"", "", ""}, work)) plain_ =
        agent_.kit.guard(tool_name, {"body", "subject", "to"}, work);
    decltype(plain_) ordered_ = agent_.kit.guard(tool_name, {"to", "subject", "body"}, work);
};

Comparison compare(const std::filesystem::path& parent, Policy policy, Durability durability, int blocks) {
    constexpr int in_block = 20;
    const TemporaryDirectory directory(parent);
    Mails told(directory / "told.db", policy, durability);
    Mails plain(directory / "plain.db", policy, durability);
    const auto with = [&] { told.send(Mails::Told::with_context_and_order); };
    const auto without = [&] { plain.send(Mails::Told::plain); };
    interleave(1, in_block, with, without);
    return interleave(blocks, in_block, with, without);
}

}  // namespace

void measure_context(const Setting& setting, Report& report) {
    const int blocks = setting.rounds(100, 25);
    report.add(ratio("auto-approved call with context and order / the same without, durable",
                     compare(setting.disk, allowing_policy(), Durability::full, blocks), at_most(1.03)));
    report.add(ratio("held call with context and order / the same without, durable",
                     compare(setting.disk, holding_policy(), Durability::full, setting.rounds(50, 10)), at_most(1.03)));
}

}  // namespace approvekit::bench
