#include "policy/draft.hpp"

#include "policy/document.hpp"
#include "policy/document_builder.hpp"
#include "policy/policy_text.hpp"
#include "policy/reader.hpp"
#include "policy/suspicions.hpp"
#include "policy/yaml_source.hpp"

#include <optional>
#include <utility>

namespace approvekit::policy {
namespace {

PolicyProblem too_large(const std::string& name) {
    return {.file = name, .path = {}, .message = "is larger than a policy may be (1 MiB)"};
}

/// Nothing when `text` is not fit to be read at all.
std::optional<Node> parse(std::string_view text, Format format, Problems& problems) {
    if (const auto hidden = find_hidden_character(text)) {
        problems.add(hidden->offset, {}, "a policy must look like what it says, but here stands " + hidden->what);
        return std::nullopt;
    }
    return format == Format::yaml ? read_yaml(text, problems) : read_json_document(text, problems);
}

bool is_nothing(const std::optional<Node>& document) {
    return !document || (document->is(Node::Kind::word) && text_of(*document).empty());
}

Draft draft_of(const std::optional<Node>& document, Problems problems, Problems warnings) {
    Draft draft;
    if (!is_nothing(document)) {
        draft.terms = Reader(problems).read(*document);
        if (problems.empty()) find_suspicions(draft.terms, *document, warnings);
    } else if (problems.empty()) {
        problems.add(0, {}, "there is nothing in it; a policy has at least rules");
    }
    draft.problems = problems.take();
    draft.warnings = warnings.take();
    return draft;
}

}  // namespace

Draft draft_from_file(const std::filesystem::path& path) {
    try {
        const PolicyFile file = load_policy_file(path);
        Draft draft = draft_from_text(file.text, file.format, path.string());
        if (draft.problems.empty() && file.others_may_write) {
            draft.warnings.push_back(
                {.file = path.string(), .path = {}, .message = "its mode lets others than its owner write to it"});
        }
        return draft;
    } catch (const PolicyError& error) {
        return {.terms = {}, .problems = error.problems(), .warnings = {}};
    }
}

Draft draft_from_text(std::string_view raw, Format format, const std::string& name) {
    if (raw.size() > most_policy_bytes) {
        return {.terms = {}, .problems = {too_large(name)}, .warnings = {}};
    }
    const std::string text = plain_lines(raw);
    Problems problems(name, text);
    const auto document = parse(text, format, problems);
    return draft_of(document, std::move(problems), Problems(name, text));
}

Draft draft_from_json(const Json& value) {
    Problems problems;
    const auto document = as_document(value, problems);
    return draft_of(document, std::move(problems), Problems());
}

Terms accepted(Draft draft) {
    if (!draft.problems.empty()) throw PolicyError(std::move(draft.problems));
    return std::move(draft.terms);
}

}  // namespace approvekit::policy
