// Tests of structured texts: paths, URLs, mail addresses and commands.

#include "policy/test_reader.hpp"

#include "policy/file_path.hpp"
#include "policy/value_reader.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace approvekit::policy {
namespace {

constexpr std::size_t most_structured_bytes = 1000;
constexpr std::array<std::string_view, 1> path_keys = {"under"};
constexpr std::array<std::string_view, 3> url_keys = {"host_in", "scheme_in", "port_in"};
constexpr std::array<std::string_view, 1> email_keys = {"domain_in"};
constexpr std::array<std::string_view, 2> command_keys = {"programs_in", "no_shell_syntax"};

bool has_unknown_key(const Node& node, const auto& known) {
    return std::any_of(node.entries.begin(), node.entries.end(), [&known](const Entry& entry) {
        return std::find(known.begin(), known.end(), entry.key) == known.end();
    });
}

/// Whether `node` is a mapping with at least one of the `known` keys and no others. If not, reports it.
bool is_terms(const Node& node, const std::string& path, const auto& known, const ValueReader& values,
              Problems& problems) {
    if (!values.is_mapping(node, path)) return false;
    report_unknown_keys(node, path, known, {}, problems);
    if (node.entries.empty()) values.report(node, path, "is empty; expected " + text::listed(known));
    return !node.entries.empty() && !has_unknown_key(node, known);
}

}  // namespace

std::optional<std::vector<std::string>> TestReader::read_texts(const Node& value, const std::string& path,
                                                               const std::string& of_what) {
    const auto* const items = values_.list(value, path, of_what);
    if (items == nullptr) return std::nullopt;
    if (items->empty()) values_.report(value, path, "is empty; nothing could be in it");
    std::vector<std::string> texts;
    for (std::size_t index = 0; index < items->size(); ++index) {
        if (auto text = values_.name((*items)[index], child_path(path, index), most_structured_bytes)) {
            texts.push_back(*std::move(text));
        }
    }
    return texts.empty() || texts.size() != items->size() ? std::nullopt : std::optional(std::move(texts));
}

ValueTestPtr TestReader::read_path(const Node& value, const std::string& path) {
    if (!is_terms(value, path, path_keys, values_, problems_)) return nullptr;
    const Node& list = *value.find("under");
    auto folders = read_texts(list, child_path(path, "under"), "folders");
    for (std::size_t index = 0; folders && index < folders->size(); ++index) {
        std::string& folder = (*folders)[index];
        const auto normal = normal_path(folder);
        if (!normal || folder.find("..") != std::string::npos) {
            values_.report(list.items[index], child_path(child_path(path, "under"), index),
                           "expected an absolute path without \"..\", found " + quote(folder));
            return nullptr;
        }
        folder = *normal;
    }
    return folders ? path_under(*std::move(folders)) : nullptr;
}

std::optional<HostPatterns> TestReader::read_hosts(const Node& value, const std::string& path) {
    const auto texts = read_texts(value, path, "hosts");
    if (!texts) return std::nullopt;
    HostPatterns hosts;
    bool complete = true;
    for (std::size_t index = 0; index < texts->size(); ++index) {
        const std::string fault = hosts.add((*texts)[index]);
        if (fault.empty()) continue;
        values_.report(value.items[index], child_path(path, index), quote((*texts)[index]) + " " + fault);
        complete = false;
    }
    return complete ? std::optional(std::move(hosts)) : std::nullopt;
}

std::optional<std::vector<int>> TestReader::read_ports(const Node& value, const std::string& path) {
    constexpr std::int64_t highest = 65535;
    const auto* const items = values_.list(value, path, "ports");
    std::vector<int> ports;
    for (std::size_t index = 0; items != nullptr && index < items->size(); ++index) {
        const auto number = values_.number((*items)[index], child_path(path, index));
        if (number && number->is_number_integer() && *number >= 1 && *number <= highest) {
            ports.push_back(number->get<int>());
        } else if (number) {
            values_.report((*items)[index], child_path(path, index), "expected a port, 1 to 65535");
        }
    }
    if (items != nullptr && items->empty()) values_.report(value, path, "is empty; nothing could be in it");
    const bool complete = items != nullptr && !items->empty() && ports.size() == items->size();
    return complete ? std::optional(std::move(ports)) : std::nullopt;
}

ValueTestPtr TestReader::read_url(const Node& value, const std::string& path) {
    if (!is_terms(value, path, url_keys, values_, problems_)) return nullptr;
    UrlTerms terms;
    bool complete = true;
    if (const Node* const hosts = value.find("host_in")) {
        terms.hosts = read_hosts(*hosts, child_path(path, "host_in"));
        complete = terms.hosts.has_value();
    }
    if (const Node* const schemes = value.find("scheme_in")) {
        terms.schemes = read_texts(*schemes, child_path(path, "scheme_in"), "schemes").value_or(terms.schemes);
        complete = complete && !terms.schemes.empty();
        for (std::string& scheme : terms.schemes)
            scheme = text::lower_case(scheme);
    }
    if (const Node* const ports = value.find("port_in")) {
        terms.ports = read_ports(*ports, child_path(path, "port_in")).value_or(terms.ports);
        complete = complete && !terms.ports.empty();
    }
    return complete ? url_with(std::move(terms)) : nullptr;
}

ValueTestPtr TestReader::read_email(const Node& value, const std::string& path) {
    if (!is_terms(value, path, email_keys, values_, problems_)) return nullptr;
    auto domains = read_hosts(*value.find("domain_in"), child_path(path, "domain_in"));
    return domains ? email_with(*std::move(domains)) : nullptr;
}

ValueTestPtr TestReader::read_command(const Node& value, const std::string& path) {
    if (!is_terms(value, path, command_keys, values_, problems_)) return nullptr;
    const Node* const plain = value.find("no_shell_syntax");
    const auto wanted = plain != nullptr ? values_.boolean(*plain, child_path(path, "no_shell_syntax")) : true;
    if (wanted == false) {
        values_.report(*plain, child_path(path, "no_shell_syntax"),
                       "can only be true; shell syntax is never understood");
    }
    const Node* const list = value.find("programs_in");
    auto programs = list != nullptr ? read_texts(*list, child_path(path, "programs_in"), "programs") : std::nullopt;
    bool complete = wanted == true && (list == nullptr || programs);
    for (std::size_t index = 0; programs && index < programs->size(); ++index) {
        if ((*programs)[index].find('/') == std::string::npos) continue;
        values_.report(list->items[index], child_path(child_path(path, "programs_in"), index),
                       "expected a name without \"/\": a program that is given by its path never matches");
        complete = false;
    }
    return complete ? simple_command(std::move(programs)) : nullptr;
}

}  // namespace approvekit::policy
