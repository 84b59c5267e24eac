// A file to save. `element`, `props` and `watch` come from gr.HTML.
watch("value", () => {
  const file = element.querySelector("[data-name]");
  if (!file) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([file.dataset.text], { type: "text/plain" }));
  link.download = file.dataset.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  props.value = ""; // so that the same file can be saved again
});
