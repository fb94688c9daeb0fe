#include "outbox.hpp"

#include "text_file.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace approvekit::demo {
namespace {

std::string header(const std::string& name, const std::string& value) {
    if (value.find_first_of("\r\n") != std::string::npos) {
        throw std::invalid_argument("the " + name + " of an e-mail is a single line");
    }
    return name + ": " + value + "\n";
}

}  // namespace

Outbox::Outbox(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
}

std::filesystem::path Outbox::send(const std::string& to, const std::string& subject, const std::string& body) {
    const auto file = folder_ / ("message-" + std::to_string(messages().size() + 1) + ".eml");
    write_text(file, header("From", "agent@example.com") + header("To", to) + header("Subject", subject) +
                         "Content-Type: text/plain; charset=utf-8\n\n" + body + "\n");
    return file;
}

std::vector<std::filesystem::path> Outbox::messages() const {
    std::vector<std::filesystem::path> messages;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        if (entry.path().extension() == ".eml") messages.push_back(entry.path());
    }
    std::sort(messages.begin(), messages.end());
    return messages;
}

}  // namespace approvekit::demo
