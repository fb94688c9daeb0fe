#pragma once

#include "bare_database.hpp"

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

namespace approvekit::bench {

/// What a held call is compared with: the same rows in the same three transactions (submit with the outcome of the
/// previous call, decision, claim) of plain prepared statements, set up as in BareCalls. Nothing is computed or read.
class BareHeldCalls {
public:
    BareHeldCalls(const std::filesystem::path& path, Durability durability);

    void write_one();

private:
    using Statement = BareDatabase::Statement;

    void submit();
    void decide();
    void claim();
    void end_previous();
    void change(const std::string& request, std::string_view status);
    void step(const Statement& statement, std::initializer_list<std::string_view> texts);

    BareDatabase database_;
    Statement begin_;
    Statement commit_;
    Statement link_;
    Statement change_;
    Statement trim_;
    Statement request_;
    Statement hold_;
    Statement entry_;
    Statement decision_;
    Statement settle_;
    Statement claim_;
    Statement finish_;
    std::int64_t links_ = 0;
    std::int64_t calls_ = 0;
    std::string arguments_;
    std::string metadata_;
};

}  // namespace approvekit::bench
