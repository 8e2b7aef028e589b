(function () {
  "use strict";
  var form = document.querySelector(".filters");
  var cards = Array.prototype.slice.call(document.querySelectorAll(".mapping"));
  var shown = document.getElementById("shown");
  function apply() {
    var wanted = Array.prototype.slice
      .call(form.querySelectorAll("input[name=verdict]:checked"))
      .map(function (box) { return box.value; });
    var rule = form.querySelector("select[name=rule]").value;
    var count = 0;
    cards.forEach(function (card) {
      var fits = wanted.indexOf(card.dataset.verdict) >= 0 &&
        (!rule || card.dataset.rules.split(" ").indexOf(rule) >= 0);
      card.hidden = !fits;
      count += fits ? 1 : 0;
    });
    shown.textContent = count + " of " + cards.length + " mappings shown";
  }
  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  apply();
})();
