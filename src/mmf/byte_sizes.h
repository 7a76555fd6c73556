// About how large tickets and backfills are in a message.
#ifndef GSH_SRC_MMF_BYTE_SIZES_H_
#define GSH_SRC_MMF_BYTE_SIZES_H_

#include <cstddef>

#include "gsh/export.h"
#include "gsh/openmatch/types.h"

namespace gsh::mmf {

GSH_EXPORT std::size_t BytesOf(const openmatch::Ticket& ticket);
GSH_EXPORT std::size_t BytesOf(const openmatch::Backfill& backfill);

}  // namespace gsh::mmf

#endif  // GSH_SRC_MMF_BYTE_SIZES_H_
