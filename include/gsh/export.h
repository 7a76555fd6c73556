#ifndef GSH_EXPORT_H_
#define GSH_EXPORT_H_

// Marks what the shared libraries export; everything else is hidden.
#define GSH_EXPORT [[gnu::visibility("default")]]

#endif  // GSH_EXPORT_H_
