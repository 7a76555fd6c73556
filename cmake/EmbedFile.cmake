# cmake -D FILE=... -D OUT=... -D NAME=... -P EmbedFile.cmake: a C++ source with the file's bytes as `gsh::embedded::NAME`
# and `NAME_size`.
file(READ ${FILE} bytes HEX)
string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUT} "namespace gsh::embedded {
extern const unsigned char ${NAME}[] = {
${bytes}};
extern const unsigned long ${NAME}_size = sizeof ${NAME};
}  // namespace gsh::embedded
")
