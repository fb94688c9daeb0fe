#include "settings.hpp"

#include "text_file.hpp"

#include <utility>

namespace approvekit::demo {

Settings::Settings(std::filesystem::path file) : file_(std::move(file)) {
    if (!std::filesystem::exists(file_)) write_text(file_, first().dump(2) + "\n");
}

Json Settings::read() const {
    return parse_json(read_text(file_));
}

void Settings::write(const std::string& name, const Json& value) {
    Json settings = read();
    settings[name] = value;
    auto draft = file_;
    draft += ".new";
    write_text(draft, settings.dump(2) + "\n");
    std::filesystem::rename(draft, file_);
}

Json Settings::first() {
    return {{"payment_limit", 100}, {"maintenance", false}};
}

}  // namespace approvekit::demo
