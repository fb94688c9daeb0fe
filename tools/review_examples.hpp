#pragma once

namespace approvekit::tools {

// The text below the help of approvekit-review and of some of its commands.

inline constexpr const char* examples =
    "Examples:\n"
    "  approvekit-review --db agent.db                decide at a prompt\n"
    "  approvekit-review --db agent.db list           what waits for a decision\n"
    "  approvekit-review --db agent.db approve 3f2a91bc --notes 'as agreed'\n"
    "  approvekit-review --db agent.db approve 3f2a91bc --set 'args.amount=7'\n"
    "  approvekit-review --db agent.db approve 3f2a91bc --grant-uses 9 --grant-for 2h\n"
    "  approvekit-review --db agent.db answer 3f2a91bc --text 'Ask Ada first.'\n"
    "  approvekit-review --db agent.db watch --json   a JSON line for each change\n"
    "  approvekit-review --db agent.db audit verify   is the record as written?\n"
    "  approvekit-review --db agent.db audit checkpoint >> elsewhere/checkpoints\n"
    "  approvekit-review --db agent.db audit archive --before 2026-01-01T00:00:00 \\\n"
    "    --out 2025.archive                           move what is older into a file\n"
    "  approvekit-review policy check policy.yaml     what would each rule do?\n"
    "  approvekit-review policy explain policy.yaml pay '{\"amount\": 90}'\n"
    "  approvekit-review keygen --reviewer ann --out ann.key\n"
    "  approvekit-review invite ann --reviewers team.yaml\n"
    "  approvekit-review --db agent.db --key ann.key  at a prompt, and sign decisions\n"
    "\n"
    "Exit codes: 0 done, 1 a check found problems, 2 usage, 3 not found or ambiguous,\n"
    "4 already decided, 5 expired, 6 storage, 7 altered since it was seen.\n";

inline constexpr const char* check_notes =
    "With --db FILE, it also lists hidden names that no recorded call had. A\n"
    "database named only by APPROVEKIT_DB is not read.\n";

inline constexpr const char* replay_examples =
    "Examples:\n"
    "  approvekit-review --db agent.db policy replay new.yaml\n"
    "  approvekit-review --db agent.db policy replay new.yaml \\\n"
    "    --since 2026-01-31T00:00:00\n"
    "\n"
    "Exit codes: 0 nothing would change, 1 something would change or this is not\n"
    "known, 2 the policy cannot be read, 6 the record cannot be read.\n";

}  // namespace approvekit::tools
