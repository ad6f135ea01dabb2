# What `cmake --install` puts where. execbig-top finds its parts relative to its own file (image/text_source.c), so that an
# installation works from any prefix, after it was moved, and through a symbolic link.
install(TARGETS execbig-top RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS execbig-compile RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/execbig-top)
install(DIRECTORY ${CMAKE_BINARY_DIR}/images DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/execbig-top
  FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
install(DIRECTORY bpf_text/kinclude DESTINATION ${CMAKE_INSTALL_DATADIR}/execbig-top PATTERN README EXCLUDE)

install(FILES docs/execbig-top.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES LICENSE README.md CHANGELOG.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY LICENSES DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs FILES_MATCHING PATTERN "*.md" PATTERN "*.svg"
  PATTERN benchmarks EXCLUDE)

# systemd looks for units below /usr where systemd.pc says, and below /usr/local/lib/systemd/system.
set(unit_dir lib/systemd/system)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  pkg_get_variable(systemd_unit_dir systemd systemdsystemunitdir)
  if(systemd_unit_dir)
    set(unit_dir ${systemd_unit_dir})
  endif()
endif()
configure_file(docs/execbig-top.service.in execbig-top.service @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/execbig-top.service DESTINATION ${unit_dir})

# Where each shell looks for the completion of a command. A cross build without an emulator has none.
if(TARGET completions)
  install(FILES ${CMAKE_BINARY_DIR}/completions/execbig-top.bash RENAME execbig-top
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${CMAKE_BINARY_DIR}/completions/execbig-top.zsh RENAME _execbig-top
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
  install(FILES ${CMAKE_BINARY_DIR}/completions/execbig-top.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()
