"use strict";
// A page to try questions in. It asks nothing of any other host.
(() => {
  const element = (id) => document.getElementById(id);
  const make = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  const words = {
    fr: {
      asking: "Question envoyée…",
      answered: (status, milliseconds) => `HTTP ${status}, ${milliseconds} ms`,
      failed: "Le service ne répond pas : ",
      variables: "Les variables ne sont pas du JSON : ",
      switch: "English",
      examples: {
        town: "Agen",
        search: "Chercher",
        list: "Filtrer et compter",
        similar: "Ce qui ressemble, et pourquoi",
        towns: "Des communes comme Agen",
        map: "La carte",
        initiative: "Une étude de cas",
        neighbours: "Voisins",
        changes: "Changements",
      },
      none: "Rien de ce nom.",
    },
    en: {
      asking: "Question sent…",
      answered: (status, milliseconds) => `HTTP ${status}, ${milliseconds} ms`,
      failed: "The service does not answer: ",
      variables: "The variables are not JSON: ",
      switch: "Français",
      examples: {
        town: "Agen",
        search: "Search",
        list: "Filter and count",
        similar: "What is alike, and why",
        towns: "Towns like Agen",
        map: "The map",
        initiative: "A case study",
        neighbours: "Neighbours",
        changes: "Changes",
      },
      none: "Nothing of that name.",
    },
  };
  let language = (navigator.language || "fr").toLowerCase().startsWith("fr") ? "fr" : "en";

  const examples = {
    town: () => element("query").defaultValue.replaceAll('"fr"', `"${language}"`),
    search: () => `{
  search(text: "${language === "fr" ? "guichet unique" : "kiosk"}", first: 10) {
    totalCount
    edges {
      node {
        __typename
        ... on Initiative { key title(lang: "${language}") towns { name } }
        ... on Town { key name }
        ... on Topic { key label(lang: "${language}") }
        ... on Organisation { key name }
      }
      extracts { field html }
    }
  }
}`,
    list: () => `{
  initiatives(
    filter: { topics: ["inclusion-numerique"], areas: ["country:FR"], with: [PITFALLS] }
    orderBy: START_DESC
    first: 10
  ) {
    totalCount
    facets(by: [TOPIC, STATUS, REGION, POPULATION_BAND], first: 5) { kind buckets { key label(lang: "${language}") count } }
    nodes { key title(lang: "${language}") start { value } towns { name population } }
    pageInfo { hasNextPage endCursor }
  }
}`,
    similar: () => `{
  initiative(key: "roubaix-guichets-ouverts") {
    title(lang: "${language}")
    similar(first: 5) {
      score
      node { key title(lang: "${language}") towns { name } }
      reasons { weight explanation(lang: "${language}") }
    }
  }
}`,
    towns: () => `{
  town(key: "insee:47001") {
    name
    population
    similar(first: 5) {
      score
      node { key name population department { name } initiatives { totalCount } }
      reasons { weight explanation(lang: "${language}") }
    }
  }
}`,
    map: () => `{
  map(bounds: { west: -5.2, south: 41.3, east: 9.6, north: 51.1 }, zoom: 5) {
    totalCount
    clusters { id count point { lat lon } topTopics { label(lang: "${language}") count } }
    pins { point { lat lon } initiative { key title(lang: "${language}") } }
  }
}`,
    initiative: () => `{
  initiative(key: "roubaix-guichets-ouverts") {
    title(lang: "${language}")
    status
    towns { key name }
    topics { label(lang: "${language}") }
    caseStudy(lang: "${language}") {
      lang
      sections { kind heading text }
    }
    licence { name open }
    provenance { source { name } path commit }
  }
}`,
    neighbours: () => `{
  organisation(key: "urban-prod") {
    id
    name
    initiatives { nodes { key title(lang: "${language}") } }
  }
  # ${language === "fr" ? "puis, avec cet id :" : "then, with that id:"}
  # neighbours(of: "…") { nodes { relation direction node { id ... on Initiative { title } } } }
}`,
    changes: () => `{
  revision
  changes(since: 0, first: 5) {
    nodes { revision at kind record { key url } }
    pageInfo { hasNextPage endCursor }
  }
}`,
  };

  async function ask(query, variables) {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json" },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, answer: await response.json() };
  }

  async function submit(event) {
    if (event) event.preventDefault();
    const say = words[language];
    const status = element("status");
    let variables;
    try {
      variables = element("variables").value.trim() ? JSON.parse(element("variables").value) : undefined;
    } catch (error) {
      status.textContent = say.variables + error.message;
      return;
    }
    status.textContent = say.asking;
    const begin = performance.now();
    try {
      const { status: code, answer } = await ask(element("query").value, variables);
      status.textContent = say.answered(code, Math.round(performance.now() - begin));
      element("result").textContent = JSON.stringify(answer, null, 2);
    } catch (error) {
      status.textContent = say.failed + error.message;
    }
  }

  const introspection = `{ __schema { queryType { name } types { name kind description
    fields { name description args { name description defaultValue type { ...T } } type { ...T } }
    inputFields { name description type { ...T } } enumValues { name description } possibleTypes { name } } } }
    fragment T on __Type { name kind ofType { name kind ofType { name kind ofType { name kind } } } }`;

  const written = (type) => {
    if (type.kind === "NON_NULL") return `${written(type.ofType)}!`;
    if (type.kind === "LIST") return `[${written(type.ofType)}]`;
    return type.name;
  };

  function showField(field) {
    const shown = make("div", undefined, { class: "field" });
    const args = (field.args || []).map((arg) => `${arg.name}: ${written(arg.type)}${arg.defaultValue ? ` = ${arg.defaultValue}` : ""}`);
    const line = make("p");
    line.append(make("code", `${field.name}${args.length ? `(${args.join(", ")})` : ""}${field.type ? `: ${written(field.type)}` : ""}`));
    shown.append(line);
    if (field.description) shown.append(make("p", field.description, { class: "quiet", lang: "en" }));
    for (const arg of field.args || []) {
      if (arg.description) shown.append(make("p", `${arg.name}: ${arg.description}`, { class: "quiet field", lang: "en" }));
    }
    return shown;
  }

  let types = [];
  function showSchema() {
    const wanted = element("search").value.trim().toLowerCase();
    const parts = (type) => [...(type.fields || []), ...(type.inputFields || []), ...(type.enumValues || [])];
    const fits = (type) =>
      !wanted || type.name.toLowerCase().includes(wanted) || parts(type).some((part) => part.name.toLowerCase().includes(wanted));
    const found = types.filter(fits).map((type, position) => {
      const shown = make("details");
      if (position === 0 || (wanted && type.name.toLowerCase() === wanted)) shown.open = true;
      shown.append(make("summary", `${type.name} · ${type.kind.toLowerCase().replaceAll("_", " ")}`));
      if (type.description) shown.append(make("p", type.description, { class: "quiet", lang: "en" }));
      if (type.possibleTypes) shown.append(make("p", type.possibleTypes.map((possible) => possible.name).join(" | ")));
      parts(type).forEach((part) => shown.append(showField(part)));
      return shown;
    });
    element("schema").replaceChildren(...(found.length ? found : [make("p", words[language].none)]));
  }

  function speak() {
    document.documentElement.lang = language;
    for (const labelled of document.querySelectorAll("[data-en]")) {
      labelled.dataset.fr ??= labelled.textContent;
      labelled.textContent = labelled.dataset[language];
    }
    const button = element("language");
    button.hidden = false;
    button.textContent = words[language].switch;
    button.lang = language === "fr" ? "en" : "fr";
    element("examples").replaceChildren(
      ...Object.keys(examples).map((name) => {
        const example = make("button", words[language].examples[name], { type: "button", class: "plain" });
        example.addEventListener("click", () => {
          element("query").value = examples[name]();
          submit();
        });
        return example;
      }),
    );
  }

  element("form").addEventListener("submit", submit);
  element("form").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
  });
  element("language").addEventListener("click", () => {
    language = language === "fr" ? "en" : "fr";
    speak();
    showSchema();
  });
  element("search").addEventListener("input", showSchema);

  speak();
  const named = location.hash.slice(1);
  element("query").value = examples[Object.hasOwn(examples, named) ? named : "town"]();
  submit();
  ask(introspection).then(({ answer }) => {
    const schema = answer.data.__schema;
    const rank = (type) => (type.name === schema.queryType.name ? 0 : { OBJECT: 1, INTERFACE: 2, ENUM: 3 }[type.kind] || 4);
    types = schema.types
      .filter((type) => !type.name.startsWith("__"))
      .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
    element("search-line").hidden = false;
    showSchema();
  });
})();
