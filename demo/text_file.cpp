#include "text_file.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace approvekit::demo {

std::string read_text(const std::filesystem::path& file) {
    std::ifstream input(file, std::ios::binary);
    if (!input) throw std::runtime_error("cannot read " + file.string());
    std::ostringstream text;
    text << input.rdbuf();
    return text.str();
}

void write_text(const std::filesystem::path& file, std::string_view text) {
    std::ofstream output(file, std::ios::binary | std::ios::trunc);
    output << text << std::flush;
    if (!output) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace approvekit::demo
