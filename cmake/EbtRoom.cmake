# ebt_room(NAME DIR[;DIR…] [LIB…]): static library ebt_NAME of DIR/*.c, linked to rooms and libraries. Every LIB must exist: a
# room, or a target such as PkgConfig::LIBBPF.
function(ebt_room name dirs)
  set(patterns ${dirs})
  list(TRANSFORM patterns PREPEND ${CMAKE_SOURCE_DIR}/)
  list(TRANSFORM patterns APPEND /*.c)
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  if(NOT sources)
    message(FATAL_ERROR "ebt_room(${name}): no sources in ${dirs}")
  endif()
  add_library(ebt_${name} STATIC ${sources})
  target_include_directories(ebt_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  foreach(lib ${ARGN})
    if(TARGET ebt_${lib})
      target_link_libraries(ebt_${name} PUBLIC ebt_${lib})
    elseif(TARGET ${lib})
      target_link_libraries(ebt_${name} PUBLIC ${lib})
    else()
      message(FATAL_ERROR "ebt_room(${name}): there is no room or library ${lib}")
    endif()
  endforeach()
endfunction()

# The ABI headers alone.
add_library(ebt_bpf_abi INTERFACE)
target_include_directories(ebt_bpf_abi INTERFACE ${CMAKE_SOURCE_DIR}/bpf_text)
target_compile_options(ebt_bpf_abi INTERFACE "SHELL:-include linux/types.h")

# bpf_text/*: every text as a byte array in a generated C file; rooms read it through bpf_text/embed.h.
function(ebt_embed_bpf_text)
  file(GLOB texts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bpf_text/*.h ${CMAKE_SOURCE_DIR}/bpf_text/*.bpf.c
    ${CMAKE_SOURCE_DIR}/bpf_text/demos/*)
  list(FILTER texts EXCLUDE REGEX "embed.h$")
  string(REPLACE ";" "|" texts_arg "${texts}")
  set(out ${CMAKE_BINARY_DIR}/bpf_text_embed.c)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DTEXTS=${texts_arg}" -DROOT=${CMAKE_SOURCE_DIR}/bpf_text
      -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${texts} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
  add_library(ebt_bpf_text STATIC ${out})
  target_include_directories(ebt_bpf_text PUBLIC ${CMAKE_SOURCE_DIR}/bpf_text)
endfunction()
