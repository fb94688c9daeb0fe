#pragma once

#include "approvekit/checkpoint.hpp"
#include "approvekit/line_reader.hpp"
#include "approvekit/recorded_call.hpp"
#include "approvekit/review_statistics.hpp"
#include "approvekit/reviewer.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace approvekit {

/// How the whole record is written for other programs.
enum class AuditFormat {
    jsonl,  ///< one JSON object a line
    csv     ///< RFC 4180 with a header; no cell can pose as a formula, texts are escaped as on the screen
};

/// How a record is to be checked.
struct AuditCheck {
    std::function<void(std::int64_t)> progress = {};  ///< as in Storage::verify_audit
    std::optional<Checkpoint> checkpoint = {};        ///< what the record came to once
    /// Who may have signed the checkpoint. Nobody: an unsigned one counts, a signed one does not.
    std::vector<TrustedReviewer> trusted = {};
    bool allow_empty = false;  ///< a record without any entry passes too
    /// The files of archives, in their order: they are checked too, and that the record goes on where they end.
    std::vector<std::filesystem::path> archives = {};
};

/// The review prompt and the single commands of approvekit-review, on streams that the caller owns.
///
/// Hostile text (escape sequences, bidi marks) is shown escaped. Not thread-safe.
class TerminalReviewer {
public:
    struct Options {
        bool json = false;     ///< for machines: one JSON document or line each
        bool colours = false;  ///< only for a terminal
        bool unicode = true;   ///< the terminal reads UTF-8; otherwise everything beyond ASCII is escaped
        /// How many columns the window has at this moment. Lines are drawn for 30 at least; where there are fewer, a
        /// line takes several rows and counts as that many.
        std::function<std::size_t()> columns = [] { return std::size_t{80}; };
        /// How many lines fit on the screen at this moment; 0: no end of them, what is long is shown in one go.
        std::function<std::size_t()> rows = [] { return std::size_t{0}; };
        std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
    };

    /// `out` must outlive this.
    TerminalReviewer(Reviewer reviewer, std::ostream& out, Options options);

    /// Lists what waits, then asks for commands on `in` until quit or the end of input. A line that the end of input
    /// cuts short is not obeyed. What goes wrong is told and the prompt goes on. It approves only what it has shown
    /// whole and as it still is.
    void prompt(std::istream& in);

    /// The same for a person at a terminal, whose lines come from `lines`: one request after the other, each answered by
    /// a letter, with word of those that come meanwhile. It approves only what it has shown whole and as it still is.
    /// Returns when the person leaves. Throws StorageError where the record cannot be followed, and what `lines` throws.
    void prompt(LineReader& lines);

    // The single commands. They throw what Reviewer throws.
    void list(const RequestQuery& query = {});
    void show(std::string_view id_or_prefix);
    /// These decide what is named, whatever was shown; a signed decision says so ("by id"), whatever `answer` says.
    void approve(std::string_view id_or_prefix, const ReviewerAnswer& answer = {});
    void reject(std::string_view id_or_prefix, const ReviewerAnswer& answer = {});
    void answer(std::string_view id_or_prefix, const Json& words, const ReviewerAnswer& with = {});
    /// Put a stop in force, lift one, and list them, as JSON too; what waits is listed with those in force above it.
    void stop(const StopOrder& order);
    void resume(std::string_view id_or_prefix);
    void stops(StopList which = StopList::in_force);
    /// The same of grants, with how often each may be used still.
    void revoke(std::string_view id_or_prefix);
    void grants(GrantList which = GrantList::live);
    /// `query.request_id` may be a unique prefix.
    void audit(AuditQuery query = {});
    /// A call in each line; the same of `query.request_id`.
    void calls(CallQuery query = {});
    void statistics(const Period& period = {});

    /// Writes every entry, oldest first, without ever holding all of them.
    void export_audit(AuditFormat format);

    /// Checks the chain, says what was found and returns whether everything fits.
    [[nodiscard]] bool verify_audit(const AuditCheck& check = {});

    /// Moves what is from before that time into a file, and tells what came of it.
    void archive(Time before, const std::filesystem::path& file,
                 const std::function<void(std::int64_t)>& progress = {});
    void hold(std::string_view id_or_prefix, std::string_view reason);
    void release_hold(std::string_view id_or_prefix);
    void holds(bool all = false);

    /// The same for an export in JSON lines, or the file of an archive, which need no database.
    [[nodiscard]] static bool verify_export(std::istream& in, std::ostream& out, const Options& options,
                                            const AuditCheck& check = {});

    /// Checks the chain and prints one line to keep elsewhere, signed when the reviewer signs.
    /// Throws what Checkpoint::of throws.
    void checkpoint(const std::function<void(std::int64_t)>& progress = {});

    /// Prints what waits now, then each request as it appears and as it ends, until `stop` is asked for or `out` fails.
    /// Ends what is overdue each second.
    void watch(const std::stop_token& stop);

private:
    bool print_event(bool appeared, const ApprovalRequest& request);
    void print_decision(const ApprovalRequest& request);
    void print_stop(const Stop& stop);
    void print_hold(const AuditHold& hold);
    void print(const Json& document);

    Reviewer reviewer_;
    std::ostream& out_;
    Options options_;
};

}  // namespace approvekit
